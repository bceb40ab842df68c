import type { Client } from './connect.js';

/** Sends one command; gives its reply, texts as texts. */
export type Send = (name: string, ...args: string[]) => Promise<unknown>;

/**
 * How the calls of bots go out: past the timer that ioredis sets for each command, which costs as much as the rest of
 * it. `RedisLink` bounds each call, and leaves a connection on which nothing comes, which settles what is left on it.
 * Loads ioredis.
 */
export async function sender(client: Client): Promise<Send> {
  const { Command } = await import('ioredis');
  class Unbounded extends Command {
    override setTimeout(): void {}
  }
  return (name, ...args) => {
    const command = new Unbounded(name, args, { replyEncoding: 'utf8' });
    return client.sendCommand(command) as Promise<unknown>;
  };
}

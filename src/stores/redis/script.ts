import { createHash } from 'node:crypto';
import { replyCode } from './failure.js';
import type { Send } from './send.js';

/** Lets a script write what is small and has an end when Redis is full and evicts nothing. Redis 7.0 and later. */
const ALLOW_OOM = '#!lua flags=allow-oom\n';

/** A Lua script, sent whole only to a server that does not have it yet. */
export class Script {
  private text: string;
  private sha: string;

  constructor(private readonly body: string) {
    this.text = ALLOW_OOM + body;
    this.sha = sha1(this.text);
  }

  /** @param isLate whether nobody waits any more, and what the server does not know yet is to be left */
  run(send: Send, isLate: () => boolean, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return send('evalsha', this.sha, String(keys.length), ...keys, ...args).catch((error) => {
      if (replyCode(error) !== 'NOSCRIPT' || isLate()) throw error;
      return this.load(send, isLate, [String(keys.length), ...keys, ...args]);
    });
  }

  private async load(send: Send, isLate: () => boolean, input: string[]) {
    try {
      return await send('eval', this.text, ...input);
    } catch (error) {
      if (!isSyntax(error) || this.text === this.body || isLate()) throw error;
    }
    this.text = this.body;
    this.sha = sha1(this.body);
    return await send('eval', this.text, ...input);
  }
}

/** What a server before 7.0 says to the first line: it has no code for it. */
function isSyntax(error: unknown): boolean {
  return replyCode(error) === 'ERR' && error instanceof Error && /compiling script/i.test(error.message);
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { BIN } from './cli.js';

export interface Screen {
  plain: string;
  /** With its colours. */
  raw: string;
}

/** A shell's words for a command of botllm. */
export function commandLine(...args: readonly string[]): string {
  return [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
}

/**
 * What a person sees who types the line into a terminal of this width.
 * @param answer what he presses when he is asked: a letter, or a key's name as tmux has it (`C-c`)
 */
export async function screen(
  line: string,
  columns: number,
  env: Record<string, string>,
  answer?: string,
): Promise<Screen> {
  const server = `botllm-${randomUUID()}`;
  const tmux = (...args: string[]) =>
    execa('tmux', ['-L', server, ...args], { env: { LC_ALL: 'C.UTF-8', ...env }, extendEnv: false });
  await tmux('-u', '-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', '50', 'sh');
  try {
    await tmux('send-keys', `clear; ${line}; echo exit=$?`, 'Enter');
    let asked = answer !== undefined;
    for (let i = 0; i < 300; i++) {
      const { stdout } = await tmux('capture-pane', '-p');
      if (/^exit=\d+/m.test(stdout))
        return { plain: stdout, raw: (await tmux('capture-pane', '-p', '-e')).stdout };
      if (asked && /\[y\/N\]/.test(stdout)) {
        asked = false;
        await tmux('send-keys', ...(answer?.startsWith('C-') ? [answer] : [answer ?? '', 'Enter']));
      }
      await sleep(100);
    }
    throw new Error('the command did not end');
  } finally {
    await tmux('kill-server');
    await rm(`/tmp/tmux-${process.getuid?.()}/${server}`, { force: true });
  }
}

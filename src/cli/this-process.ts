import { homedir } from 'node:os';
import { foldersOf } from '../settings/home.js';
import type { World } from './context.js';

/** The outside of this very process. */
export function thisProcess(): World {
  const { env, stdout, stderr } = process;
  // A command that reads nothing must not open it.
  return { env, stdout, stderr, stdin: () => process.stdin, folders: foldersOf(currentFolder()) };
}

/** A shell may stand in a folder that is gone. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return homedir();
  }
}

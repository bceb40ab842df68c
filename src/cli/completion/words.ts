import type { Candidate } from './candidates.js';
import type { Shell } from './scripts.js';

export interface Line {
  before: string[];
  current: string;
  /** How much of the current word the shell takes for words of their own, and keeps. */
  kept: number;
}

/** bash cuts words at `:` and `=`, as a rule, and leaves quotes on them. */
export function lineOf(shell: Shell, current: string, before: readonly string[]): Line {
  if (shell !== 'bash') return { before: before.map(unquoted), current: unquoted(current), kept: 0 };
  const words: string[] = [];
  let open = false;
  for (const piece of [...before, current]) {
    const joint = /^[:=]+$/.test(piece);
    if ((joint || open) && words.length > 0) words.push(`${words.pop() ?? ''}${piece}`);
    else words.push(piece);
    open = joint;
  }
  const last = unquoted(words.pop() ?? '');
  // Cut or not is the user's choice (COMP_WORDBREAKS), and inside quotes bash never does.
  const own = /^[:=]+$/.test(current) ? '' : unquoted(current);
  return { before: words.map(unquoted), current: last, kept: last.length - own.length };
}

function unquoted(word: string): string {
  return word.replace(/^['"]|['"]$/g, '');
}

/** Names come from stores and folders that others may write into; no shell need quote what is offered. */
const PLAIN = /^[\p{L}\p{N}_.@:/+=,-]+$/u;

/** The lines that a shell's script reads: those that begin like the current word. */
export function linesFor(shell: Shell, line: Line, candidates: readonly Candidate[]): string[] {
  return candidates
    .filter(({ value }) => PLAIN.test(value) && value.startsWith(line.current))
    .map(({ value, description }) => {
      if (shell === 'bash') return value.slice(line.kept);
      const separator = shell === 'zsh' ? ':' : '\t';
      const name = shell === 'zsh' ? value.replaceAll(':', '\\:') : value;
      const words = description.replace(/\p{Cc}+/gu, ' ');
      return words === '' ? name : `${name}${separator}${words}`;
    });
}

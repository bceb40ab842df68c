import type { SpecChange } from './improve.js';
import { printable, type Style } from './style.js';

/** Old and new wordings, each under the place where it stands. */
export function describeChanges(changes: readonly SpecChange[], file: string, style: Style): string {
  return changes
    .map(({ message, text }) =>
      [
        style.paint('cyan', printable(`@@ ${file}:${message.line} ${message.path}`)),
        ...marked('-', message.text).map((line) => style.paint('red', line)),
        ...marked('+', text).map((line) => style.paint('green', line)),
      ].join('\n'),
    )
    .join('\n');
}

function marked(sign: string, text: string): string[] {
  return printable(text)
    .split('\n')
    .map((line) => `${sign} ${line}`);
}

import { quoted } from '../doctor/messages.js';

/** For a shell to read: each value comes out as it went in, whatever it holds. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n');
}

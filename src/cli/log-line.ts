import { printable } from './style.js';

/** The object that a line of a JSON log is; undefined for any other line. */
export function recordOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The line as a line of JSON: what is no object becomes the text of one. */
export function jsonLogLine(line: string): string {
  return recordOf(line) ? line : JSON.stringify({ line });
}

/** One line of a JSON log for people: time, level or event, words, and what else it carries. */
export function prettyLogLine(line: string): string {
  const record = recordOf(line);
  // The last words of a crash in native code are no JSON, and must not be hidden.
  if (!record) return printable(line);
  const { time, level, event, message, msg, ...rest } = record;
  const clock = typeof time === 'string' ? time.replace('T', ' ').replace(/\.\d+Z$|Z$/, '') : undefined;
  const words = [message, msg].find((text) => typeof text === 'string');
  const others = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return printable([clock, level, event, words, ...others].filter((part) => part !== undefined).join(' '));
}

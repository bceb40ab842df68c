import { printable } from './style.js';

/** One line of a JSON log for people: time, level or event, words, and what else it carries. */
export function prettyLogLine(line: string): string {
  let record: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return printable(line);
    record = value as Record<string, unknown>;
  } catch {
    // The last words of a crash in native code are no JSON, and must not be hidden.
    return printable(line);
  }
  const { time, level, event, message, msg, ...rest } = record;
  const clock = typeof time === 'string' ? time.replace('T', ' ').replace(/\.\d+Z$|Z$/, '') : undefined;
  const words = [message, msg].find((text) => typeof text === 'string');
  const others = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return printable([clock, level, event, words, ...others].filter((part) => part !== undefined).join(' '));
}

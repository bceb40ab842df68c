/** What JSON leaves as it is and a terminal obeys: C1 controls, line separators, changes of direction. */
const OBEYED = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A value as one line of JSON that is safe to print: whatever its texts hold, they neither break nor steer the line. */
export function jsonLine(value: unknown): string {
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replace(OBEYED, escaped)}\n`;
}

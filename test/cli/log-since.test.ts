import { describe, expect, test } from 'vitest';
import { jsonLogLine } from '../../src/cli/log-line.js';
import { sinceFilter } from '../../src/cli/log-since.js';

const at = (time: string) => JSON.stringify({ time: `2026-05-01T${time}:00.000Z`, event: 'x' });

describe('--since on a file', () => {
  test('goes by the time of a line, and a line without one belongs to the line before it', () => {
    const lines = ['cut off', at('10:00'), 'of ten', at('11:00'), 'of eleven'];
    const { wants, sawTimes } = sinceFilter(new Date('2026-05-01T10:30:00Z'));
    expect(lines.filter(wants)).toEqual(['cut off', at('11:00'), 'of eleven']);
    expect(sawTimes()).toBe(true);
  });

  test('leaves nothing out of a log that carries no times, and says so', () => {
    const { wants, sawTimes } = sinceFilter(new Date());
    expect(['{"time":7}', 'plain', '[1]'].filter(wants)).toHaveLength(3);
    expect(sawTimes()).toBe(false);
  });

  test('with --json every line is an object', () => {
    expect(['{"a":1}', 'plain', '7', '[1]', 'null'].map((line) => JSON.parse(jsonLogLine(line)))).toEqual([
      { a: 1 },
      { line: 'plain' },
      { line: '7' },
      { line: '[1]' },
      { line: 'null' },
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../src/cli/context.js';
import { createOutput } from '../../src/cli/output.js';
import { watched } from '../../src/cli/watched.js';
import type { AdminOptions } from '../../src/stores/contract.js';

/** A command's surroundings, as far as progress needs them. */
function surroundings(json: boolean) {
  const written = { out: '', err: '' };
  const stream = (key: 'out' | 'err') => ({
    write: (text: string) => {
      written[key] += text;
    },
    isTTY: true,
    columns: 60,
  });
  const style = { env: {}, quiet: false, verbose: false, noColor: true, ascii: true };
  const out = createOutput({ stdout: stream('out'), stderr: stream('err'), json, ...style });
  const ctx = { out, signal: new AbortController().signal } as unknown as Context;
  return { ctx, written };
}

/** Work of so many steps of 1,000 keys and 100 ms each. */
const steps =
  (count: number, total: number | null = count * 1_000) =>
  async ({ onProgress }: AdminOptions) => {
    for (let i = 1; i <= count; i++) {
      vi.advanceTimersByTime(100);
      onProgress?.({ scanned: i * 1_000, matched: i * 10, total });
    }
    return 'done';
  };

describe('long work on a store', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('shows a bar on a terminal once it takes its time, and leaves the line clean', async () => {
    const { ctx, written } = surroundings(false);
    expect(await watched(ctx, 'counting', steps(10))).toBe('done');
    expect(written.err).toMatch(/counting 40 %.*counting 90 %.*\r\u001b\[K$/s);
    expect(written.err).not.toMatch(/counting [0-3]0 %|100 %|\n/);
    expect(written.out).toBe('');
  });

  test('shows none for what is over in a moment', async () => {
    const { ctx, written } = surroundings(false);
    await watched(ctx, 'counting', steps(2));
    expect(written).toEqual({ out: '', err: '' });
  });

  test('tells a program at every tenth, and at every 50,000 keys where nobody knows how many there are', async () => {
    const { ctx, written } = surroundings(true);
    await watched(ctx, 'counting', steps(100));
    const known = written.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(known.map(({ scanned }) => scanned)).toEqual(
      [1, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((n) => n * 1_000),
    );
    expect(known[1]).toEqual({ type: 'progress', scanned: 10_000, matched: 100, total: 100_000 });
    written.out = '';
    await watched(ctx, 'counting', steps(120, null));
    expect(written.out.trim().split('\n')).toHaveLength(3);
  });

  test('says what was done before it failed', async () => {
    const { ctx, written } = surroundings(false);
    const fails = async (options: AdminOptions) => {
      await steps(2, null)(options);
      throw new Error('away');
    };
    const broken = (count: number) => `${count} had gone`;
    await expect(watched(ctx, 'removing', fails, broken)).rejects.toThrow('away');
    expect(written.err).toBe('20 had gone\n');
  });
});

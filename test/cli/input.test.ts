import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { benchMessages } from '../../src/cli/bench-messages.js';
import { readText, textHint } from '../../src/cli/input.js';
import { messages } from '../../src/cli/messages.js';
import { tuiMessages } from '../../src/tui/messages.js';

const world = (piped: string) => ({
  env: {},
  folders: { cwd: '/', home: '/', userConfig: '/' },
  stdin: () => Readable.from(piped === '' ? [] : [Buffer.from(piped)]),
  stdout: { write: () => true },
  stderr: { write: () => true },
});

test('a missing text is asked for in the words of the command at hand', async () => {
  const hint = textHint('try improve');
  expect(hint).toContain('botllm try improve "…"');
  expect(hint).toContain('echo "…" | botllm try improve -');
  await expect(readText('', world(''), hint)).rejects.toMatchObject({ code: 'USAGE', hint });
  await expect(readText(undefined, world(''), hint)).rejects.toMatchObject({ code: 'USAGE', hint });
  expect(await readText('-', world('hello\n'), hint)).toBe('hello');
});

test('English hints show English examples', () => {
  expect(`${messages.tryExpectHint} ${messages.tryTopicHint}`).not.toMatch(/[а-яё]/i);
});

test('one is counted as one', () => {
  const said = [
    tuiMessages.store('redis', 1, undefined, 1),
    tuiMessages.kept(1, 1),
    tuiMessages.callsOf(1, 1),
    benchMessages.probing(1),
    benchMessages.verifying({ users: 1, at: 1, of: 1 }),
    benchMessages.capacity({ users: 1, tooMany: 2, perSecond: 1, e2eMs: 1, share: 1 }),
  ];
  expect(said.filter((text) => /\b1 (users|answers|calls|cached answers)\b/.test(text))).toEqual([]);
  expect(benchMessages.probing(2)).toBe('measuring with 2 users');
});

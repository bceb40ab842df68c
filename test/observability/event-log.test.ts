import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEventLog } from '../../src/observability/event-log.js';
import { readEvents } from '../../src/observability/event-reader.js';
import type { LlmEvent } from '../../src/observability/events.js';
import { userHash } from '../../src/observability/redact.js';

const event = (requestId: string, more: Partial<LlmEvent> = {}): LlmEvent =>
  ({
    event: 'llm_disabled',
    time: '2026-01-01T00:00:00.000Z',
    requestId,
    task: 'intent',
    type: 'chat_completion',
    model: 'm',
    scope: '-',
    ...more,
  }) as LlmEvent;

describe('the event log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'botllm-events-'));
    file = join(folder, 'logs', 'events.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const ids = async (options = {}) =>
    (await readEvents(file, options)).events.map(({ requestId }) => requestId);

  test('makes its folder with the first event, and gives back what was written', async () => {
    const log = openEventLog(file);
    expect(existsSync(join(folder, 'logs'))).toBe(false);
    const hit = event('two', { event: 'llm_cache_hit', latencyMs: 1, ageMs: 2, userHash: userHash('42') });
    log.append(event('one'));
    log.append(hit);
    expect(await readEvents(file)).toEqual({ events: [event('one'), hit], broken: 0 });
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('a line is a line, whatever an id or a model holds', async () => {
    const log = openEventLog(file);
    const nasty = event('a\nb\r\u001b[31m\u0000\u2028');
    log.append(nasty);
    expect(readFileSync(file, 'utf8').trimEnd()).not.toMatch(/[\u0000-\u001f]/);
    expect((await readEvents(file)).events).toEqual([nasty]);
  });

  test('rotates by size and keeps so many files, the newest events in order', async () => {
    const log = openEventLog(file, { maxBytes: 1_000 });
    for (let i = 0; i < 100; i++) log.append(event(String(i)));
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['events.log', 'events.log.1', 'events.log.2']);
    for (const name of readdirSync(join(folder, 'logs')))
      expect(statSync(join(folder, 'logs', name)).size).toBeLessThanOrEqual(1_000);
    const left = await ids();
    expect(left.length).toBeGreaterThan(14);
    expect(left).toEqual(Array.from({ length: left.length }, (_, i) => String(100 - left.length + i)));
  });

  test('several processes lose and mix nothing, over rotations', async () => {
    const path = fileURLToPath(new URL('./fixtures/appender.mjs', import.meta.url));
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map((name) => promisify(execFile)(process.execPath, [path, file, name, '300', '2000', '200'])),
    );
    const { events, broken } = await readEvents(file, { files: 200 });
    expect(broken).toBe(0);
    const seen = events.map(({ requestId }) => requestId).sort();
    const all = names.flatMap((name) => Array.from({ length: 300 }, (_, i) => `${name}-${i}`));
    expect(seen).toEqual(all.sort());
    expect(readdirSync(join(folder, 'logs')).length).toBeGreaterThan(5);
  });

  test('a process that died while it rotated does not stop rotation for ever', () => {
    const log = openEventLog(file, { maxBytes: 300 });
    log.append(event('one'));
    log.append(event('two'));
    mkdirSync(`${file}.lock`);
    utimesSync(`${file}.lock`, new Date(0), new Date(0));
    for (let i = 0; i < 5; i++) log.append(event(String(i)));
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test('what cannot be written is no error of the call', () => {
    writeFileSync(join(folder, 'logs'), 'a file where the folder should be');
    expect(() => openEventLog(file).append(event('one'))).not.toThrow();
    const circular = event('two') as LlmEvent & { self?: unknown };
    circular.self = circular;
    expect(() => openEventLog(join(folder, 'x')).append(circular)).not.toThrow();
  });

  test('a reader gets names and numbers it asks for, and counts what is no event', async () => {
    const log = openEventLog(file);
    for (let i = 0; i < 10; i++) {
      log.append(event(`d${i}`));
      log.append(event(`b${i}`, { event: 'llm_breaker_closed' }));
    }
    appendFileSync(file, '{"event":"llm_success","time"\n\nnot json\n{"event":"llm_unheard_of"}\n42\n');
    log.append(event('last'));
    appendFileSync(file, '{"event":"llm_disab');
    expect(await ids({ limit: 3 })).toEqual(['d9', 'b9', 'last']);
    expect(await ids({ names: ['llm_breaker_closed'], limit: 2 })).toEqual(['b8', 'b9']);
    expect(await ids({ limit: 0 })).toEqual([]);
    const { events, broken } = await readEvents(file);
    expect(events).toHaveLength(21);
    expect(broken).toBe(5);
  });

  test('a log that is not there is empty', async () => {
    expect(await readEvents(file)).toEqual({ events: [], broken: 0 });
  });

  test('a user is 16 hex digits that nobody can guess from his id', () => {
    expect(userHash('42')).toMatch(/^[0-9a-f]{16}$/);
    expect(userHash('42')).toBe(userHash('42'));
    expect(userHash('42')).not.toBe(userHash('43'));
    expect(userHash('42')).not.toBe(createHash('sha256').update('42').digest('hex').slice(0, 16));
  });
});

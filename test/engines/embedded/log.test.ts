import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../../src/engines/embedded/log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botllm-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = () => new Date('2026-01-02T03:04:05.678Z');

describe('the log of the engine', () => {
  it('writes one JSON line for each event', () => {
    const file = join(folder, 'engine.log');
    openLog({ file, now })('info', 'ready', { slots: 4 });
    expect(readFileSync(file, 'utf8')).toBe(
      '{"time":"2026-01-02T03:04:05.678Z","level":"info","event":"ready","slots":4}\n',
    );
  });

  it('tells milliseconds to a tenth', () => {
    const file = join(folder, 'engine.log');
    openLog({ file, now })('info', 'request', { promptMs: 508.7178830000048, predictedMs: 12, share: 0.25 });
    expect(readFileSync(file, 'utf8')).toContain('"promptMs":508.7,"predictedMs":12,"share":0.25}');
  });

  it('keeps three files and none grows past the limit by more than a line', () => {
    const file = join(folder, 'engine.log');
    const log = openLog({ file, maxBytes: 1000, now });
    for (let n = 0; n < 200; n++) log('info', 'request', { n });
    expect(existsSync(`${file}.1`) && existsSync(`${file}.2`)).toBe(true);
    expect(existsSync(`${file}.3`)).toBe(false);
    for (const path of [file, `${file}.1`, `${file}.2`]) expect(statSync(path).size).toBeLessThan(1200);
    expect(readFileSync(file, 'utf8')).toContain('"n":199');
  });

  it('goes on in the same file that a crash of native code would write to', () => {
    const file = join(folder, 'engine.log');
    const log = openLog({ file, maxBytes: 500, now });
    const inode = () => statSync(file).ino;
    log('info', 'first');
    const before = inode();
    for (let n = 0; n < 50; n++) log('info', 'request', { n });
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(inode()).toBe(before);
    appendFileSync(file, 'llama.cpp: abort\n');
    log('info', 'last');
    expect(readFileSync(file, 'utf8')).toMatch(/llama\.cpp: abort\n.*"last"/);
  });
});

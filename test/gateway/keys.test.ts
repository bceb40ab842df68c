import crypto from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { gatewayKeys } from '../../src/cli/gateway-keys.js';
import { createKeyCheck, readKeys } from '../../src/gateway/keys.js';
import { failure } from '../client/setup.js';

describe('the gateway’s keys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'botllm-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('come from the environment and from a file, one a line or with commas between', async () => {
    const gatewayKeysFile = path.join(folder, 'keys');
    await writeFile(gatewayKeysFile, '# the bots\nkey-in-the-file\r\n\n  another-in-it , third-in-it\n');
    expect(await gatewayKeys({ gatewayKeys: 'key-one-of-shell,key-two-of-shell', gatewayKeysFile })).toEqual([
      'key-one-of-shell',
      'key-two-of-shell',
      'key-in-the-file',
      'another-in-it',
      'third-in-it',
    ]);
    expect(await gatewayKeys({})).toEqual([]);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['all remarks', '# nobody yet\n'],
    ['too short a key', 'short'],
    ['a key that no header holds', 'ключ-ключ-ключ'],
  ])('are refused where the file is %s, without a word of it', async (_, text) => {
    const gatewayKeysFile = path.join(folder, 'bad');
    await rm(gatewayKeysFile, { force: true });
    if (text !== undefined) await writeFile(gatewayKeysFile, text);
    const error = await failure(gatewayKeys({ gatewayKeysFile }));
    expect(error).toMatchObject({ code: 'BAD_CONFIG' });
    if (text) expect(String(error)).not.toContain(text);
  });

  it('are told apart to the last character, whatever stands around them', () => {
    const check = createKeyCheck(readKeys('first-key,second-key', 'x'));
    for (const right of ['Bearer first-key', 'bearer second-key']) expect(() => check(right)).not.toThrow();
    for (const wrong of [
      'Bearer first-ke',
      'Bearer first-keyy',
      'Bearer FIRST-KEY',
      'first-key',
      'Bearer ',
      '',
      'Basic first-key',
    ])
      expect(() => check(wrong), wrong).toThrow();
    expect(() => check(undefined)).toThrow();
  });

  it('are compared in constant time, and all of them each time, whichever is given', () => {
    const spy = vi.spyOn(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
    onTestFinished(() => {
      spy.mockRestore();
      syncBuiltinESMExports();
    });
    const check = createKeyCheck(['first-key', 'a-much-longer-second-key', 'third-key']);
    for (const given of ['first-key', 'third-key', 'no-key', 'x'.repeat(500)]) {
      spy.mockClear();
      try {
        check(`Bearer ${given}`);
      } catch {
        // Whether it is refused is another promise.
      }
      const sizes = spy.mock.calls.map(([known, presented]) => [known.byteLength, presented.byteLength]);
      expect([given, sizes]).toEqual([given, Array.from({ length: 3 }, () => [32, 32])]);
    }
  });
});

import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheKey } from '../../src/stores/keys.js';
import { Operator } from '../support/cli.js';
import { KINDS, type StoreAtHand, storeAtHand } from '../support/store-at-hand.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

describe.each(KINDS)('with the %s store, `up` that puts other weights behind a name', (kind) => {
  let operator: Operator;
  let at: StoreAtHand;
  beforeAll(async () => {
    operator = await Operator.create();
    at = await storeAtHand(kind, operator);
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await at?.close();
  });

  test('clears the answers of that model, in all scopes, and no others', async () => {
    const model = path.join(operator.home, 'tiny.gguf');
    const up = () =>
      operator.runWith({ env: at.env }, 'up', '--engine', 'embedded', '--model', model, '--json');
    writeTinyGguf(model, { context: 2048 });
    const first = await up();
    expect(first.exitCode).toBe(0);
    const name = String(first.json().data.model);
    const keys = [name, name, `${name}-other`].map((one, i) =>
      cacheKey({ scope: `bot${i}`, task: 'intent', model: one, hash: 'ab' }),
    );
    for (const key of keys) await at.store.cachePut(key, 'v', 600_000);
    await operator.run('down');
    await up();
    expect(await Promise.all(keys.map((key) => at.store.cacheGet(key)))).toEqual(['v', 'v', 'v']);
    await operator.run('down');

    writeTinyGguf(model, { context: 1024 });
    const third = await up();
    expect(third.exitCode).toBe(0);
    expect(third.stderr).toContain(`removed 2 cached answers of the former weights of ${name}`);
    expect(await Promise.all(keys.map((key) => at.store.cacheGet(key)))).toEqual([null, null, 'v']);
  });
});

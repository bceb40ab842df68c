import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realModel } from '../../support/real-model.js';
import { CONTENDERS, type Contender, type ContenderName } from './contenders.js';
import { DIFFERENCES } from './differences.js';

const engines = new Map<ContenderName, Contender>();
const engine = (name: ContenderName): Contender => {
  const found = engines.get(name);
  if (!found) throw new Error(`${name} did not start`);
  return found;
};

describe.skipIf(CONTENDERS.some(({ missing }) => missing))('the allowed differences', () => {
  beforeAll(async () => {
    for (const { name, ready } of CONTENDERS)
      engines.set(name, await ready(realModel(), { context: 512, slots: 2 }));
  });
  afterAll(async () => {
    await Promise.all([...engines.values()].map((each) => each.kill()));
  });

  it.each(DIFFERENCES)('are still there: $what', async ({ look, embedded, oracle }) => {
    expect(await look(engine('embedded')), 'embedded').toEqual(embedded);
    expect(await look(engine('llama-server')), 'llama-server').toEqual(oracle);
    expect(embedded).not.toEqual(oracle);
  });
});

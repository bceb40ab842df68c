import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineJob } from '../../../src/engines/embedded/job.js';
import { knownPlace } from '../../../src/engines/embedded/load/binding-place.js';
import { ROOT } from '../../support/cli.js';
import { Asker, contentOf, logprobsOf } from '../../support/engine-asker.js';
import { EngineUnderTest } from '../../support/engine-process.js';
import { realModel } from '../../support/real-model.js';
import { tinyModel } from '../../support/tiny-engine.js';

const tiny = tinyModel({ context: 8192 });
const folder = path.dirname(tiny);
const MODULES = path.join(ROOT, 'node_modules');
/** Far more than there is: an exact sum is made, so the binding loads the model its own way. */
const EXACT: Partial<EngineJob> = { memoryBytes: 10 ** 15 };
const PLATFORM = `linux-${process.arch}`;

const wasEarly = ({ log }: EngineUnderTest) =>
  log.find(({ event }) => event === 'memory_planned')?.roughly === true;

describe.runIf(knownPlace(undefined))('a load that begins before the engine’s own modules', () => {
  it('is what happens where memory is plentiful, and not where an exact sum is asked for', async () => {
    for (const [overrides, early] of [
      [{}, true],
      [{ gpu: 'auto' }, true],
      [EXACT, false],
    ] as const) {
      const engine = await EngineUnderTest.ready(tiny, { slots: 2, context: 512, ...overrides });
      try {
        expect(wasEarly(engine)).toBe(early);
        expect(await engine.health()).toMatchObject({ device: 'cpu', context: 512, slots: 2 });
      } finally {
        await engine.kill();
      }
    }
  });

  it('gives the same engine as the binding’s own way, to the last token and its probability', async () => {
    const said: unknown[] = [];
    for (const overrides of [{}, EXACT]) {
      const shape = { context: 1024, slots: 2, threads: 1 };
      const engine = await EngineUnderTest.ready(realModel(), { ...shape, ...overrides });
      try {
        const ask = new Asker(engine);
        const plain = await ask.chat({
          messages: [{ role: 'user', content: 'Name three colours.' }],
          max_tokens: 24,
          logprobs: true,
          top_logprobs: 2,
        });
        const models = await (await fetch(`${engine.url}/v1/models`)).json();
        const { n_ctx_train, n_ctx, n_params, size } = (
          models as { data: [{ meta: Record<string, number> }] }
        ).data[0].meta;
        said.push([contentOf(plain), logprobsOf(plain), { n_ctx_train, n_ctx, n_params, size }]);
      } finally {
        await engine.kill();
      }
    }
    expect(said[0]).toEqual(said[1]);
  });
});

describe.runIf(knownPlace(undefined))('the look before it', () => {
  it('reads the header, and gives nothing for a file that is broken or a binary that is none', async () => {
    const { preflight } = (await import(
      path.join(ROOT, 'dist/engines/embedded/load/preflight-run.js')
    )) as typeof import('../../../src/engines/embedded/load/preflight-run.js');
    const { binary } = knownPlace(undefined) ?? { binary: '' };
    expect(await preflight(binary, tiny)).toMatchObject({ architecture: 'llama', context: 8192 });
    const broken = path.join(folder, 'broken.gguf');
    writeFileSync(broken, 'GGUF, or so it says');
    expect(await preflight(binary, broken)).toBeUndefined();
    expect(await preflight(binary, path.join(folder, 'nowhere.gguf'))).toBeUndefined();
    expect(await preflight(tiny, tiny)).toBeUndefined();
  });

  it('takes the crash of a binary upon itself: the engine ends with a reason', async () => {
    const modules = packageWith((addon) => {
      const source = path.join(folder, 'trap.c');
      writeFileSync(source, '__attribute__((constructor)) static void f(void) { __builtin_trap(); }\n');
      execFileSync('cc', ['-shared', '-fPIC', '-o', addon, source]);
    });
    const main = path.join(path.dirname(modules), 'dist/engines/embedded/main.js');
    const engine = EngineUnderTest.spawn(tiny, {}, main);
    try {
      expect(await engine.exited()).toBe(1);
      expect(engine.failure?.code).toBe('MISSING_PREREQUISITE');
    } finally {
      await engine.kill();
    }
  });
});

/** A whole installation with another native binary, and no other binary to fall back to. */
function packageWith(writeAddon: (file: string) => void): string {
  const home = path.join(folder, 'installed');
  const modules = path.join(home, 'node_modules');
  mkdirSync(path.join(modules, '@node-llama-cpp'), { recursive: true });
  cpSync(path.join(ROOT, 'dist'), path.join(home, 'dist'), { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{"type":"module"}');
  const own = ['node-llama-cpp', '@node-llama-cpp'];
  for (const name of readdirSync(MODULES).filter((name) => !own.includes(name) && !name.startsWith('.')))
    symlinkSync(path.join(MODULES, name), path.join(modules, name));
  cpSync(path.join(MODULES, 'node-llama-cpp'), path.join(modules, 'node-llama-cpp'), {
    recursive: true,
    filter: (file) => !file.endsWith('.bundle') && !file.endsWith('.map'),
  });
  const platform = path.join(modules, '@node-llama-cpp', PLATFORM);
  cpSync(path.join(MODULES, '@node-llama-cpp', PLATFORM), platform, {
    recursive: true,
    filter: (file) => !/\.(so|node)$/.test(file) && !/\.so\./.test(file),
  });
  writeAddon(path.join(platform, 'bins', PLATFORM, 'llama-addon.node'));
  return modules;
}

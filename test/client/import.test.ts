import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

/** The built library, as a runtime imports it. */
const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;
const FORBIDDEN =
  /^(openai|undici|lmdb|prom-client|ioredis|commander|execa|ink|pino|hono|@hono\/.*|.*node-llama-cpp.*)$/;

/** Writes the address of every module that is resolved, one a line. */
const HOOK = `
import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(process.env.LOADED, found.url + '\\n');
  return found;
}`;

it('importing the library and making a client loads none of the heavy packages, and prints nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'botllm-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const hook = path.join(folder, 'hook.mjs');
  const loaded = path.join(folder, 'loaded.txt');
  await writeFile(hook, HOOK);
  const script = `
    import { register } from 'node:module';
    register(${JSON.stringify(pathToFileURL(hook).href)});
    const { createLlmClient } = await import(${JSON.stringify(LIBRARY)});
    await createLlmClient().close();`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      env: { PATH: process.env.PATH, LOADED: loaded },
    },
  );
  expect(stdout + stderr).toBe('');
  const addresses = (await readFile(loaded, 'utf8')).split('\n');
  const packages = new Set(
    addresses.flatMap((url) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []),
  );
  expect([...packages].filter((name) => FORBIDDEN.test(name))).toEqual([]);
  // The hook sees what is needed at once.
  expect(packages).toContain('zod');
});

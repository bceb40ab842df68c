import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ggufBytes } from '../models/gguf-bytes.js';
import { Operator } from '../support/cli.js';
import { LocalHub } from '../support/local-hub.js';
import { ORACLE, oracleIsMissing } from '../support/oracle-server.js';
import { writeTinyGguf } from '../support/tiny-gguf.js';

const BYTES = ggufBytes({ floats: 500_000 });
let hub: LocalHub;
let operator: Operator;
let model: string;

beforeEach(async () => {
  hub = await LocalHub.start();
  hub.put('microsoft/Phi-3-mini-4k-instruct-gguf', 'Phi-3-mini-4k-instruct-q4.gguf', BYTES);
  hub.put('bartowski/Qwen2.5-3B-Instruct-GGUF', 'Qwen2.5-3B-Instruct-Q4_K_M.gguf', BYTES);
  operator = await Operator.create({ HF_ENDPOINT: hub.endpoint, PATH: path.dirname(process.execPath) });
  model = path.join(operator.home, 'tiny.gguf');
  writeTinyGguf(model, { context: 2048 });
});
afterEach(async () => {
  await operator[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const dry = (...args: string[]) => operator.run('up', '--dry-run', '--gpu', 'none', ...args);

describe('up --dry-run', () => {
  test('tells engine, model, memory and command of a model that is here, and changes nothing', async () => {
    const run = await dry('--model', model, '--json');
    expect(run.exitCode).toBe(0);
    const { data, schema } = run.json();
    expect(schema).toBe('botllm.up/1');
    expect(data).toMatchObject({
      ...{ dryRun: true, alreadyRunning: false, engine: 'embedded', model: 'tiny', path: model },
      why: expect.stringContaining('no llama-server'),
      endpoint: `http://127.0.0.1:${operator.port}`,
      downloads: [],
      memory: { tokens: 2048, slots: 4, total: expect.any(Number) },
      command: process.execPath,
      args: [expect.stringMatching(/main\.js$/)],
    });
    const text = (await dry('--model', model)).stdout;
    expect(text).toMatch(/^memory +weights .+ KV cache .+ = .+, available/m);
    expect(await readdir(operator.home)).toEqual(['tiny.gguf']);
    expect((await operator.run('status')).exitCode).toBe(3);
  });

  test('tells what would be fetched, how large it is, and its terms, and asks the hub for no weights', async () => {
    const run = await dry('--model', 'phi3-mini', '--json');
    const [download] = run.json().data.downloads as Record<string, unknown>[];
    expect(download).toMatchObject({ what: 'model', bytes: BYTES.length, licence: { id: 'MIT' } });
    const { stdout } = await dry('--model', 'qwen2.5-3b');
    expect(stdout).toMatch(/^fetch +2 MB, Qwen Research License, http/m);
    expect(stdout).toMatch(/^note +NOT for commercial use/m);
    expect(hub.requests.filter(({ method }) => method === 'GET')).toEqual([]);
    expect(await readdir(operator.home)).toEqual(['tiny.gguf']);
  });

  test('ends as the real one would where something is missing', async () => {
    const codes = async (...args: string[]) => (await dry(...args)).exitCode;
    expect(await codes('--model', './nowhere.gguf')).toBe(5);
    expect(await codes('--model', 'phi33-mini')).toBe(2);
    expect(await codes('--model', model, '--memory', '1m')).toBe(5);
    expect(await codes('--model', model, '--engine', 'native')).toBe(5);
    const other = createServer().listen(operator.port, '127.0.0.1');
    try {
      await new Promise((resolve) => other.once('listening', resolve));
      expect(await codes('--model', model)).toBe(5);
    } finally {
      other.close();
    }
    expect(await readdir(operator.home)).toEqual(['tiny.gguf']);
  });

  test('names the engine that runs already; beside a plan that it is in the way of, what differs', async () => {
    const up = ['up', '--model', model, '--gpu', 'none'];
    const { pid } = (await operator.run(...up, '--json')).json().data;
    const same = await dry('--model', model, '--json');
    expect([same.exitCode, same.json().data]).toEqual([
      0,
      expect.objectContaining({ dryRun: true, alreadyRunning: true, pid }),
    ]);
    const other = await dry('--model', model, '--slots', '3', '--json');
    expect([other.exitCode, other.json().data]).toMatchObject([
      0,
      {
        alreadyRunning: false,
        memory: { slots: 3 },
        inTheWay: { pid, model: 'tiny', differences: [expect.stringMatching(/^slots: .*3 asked for$/)] },
      },
    ]);
    const text = (await dry('--model', model, '--slots', '3')).stdout;
    expect(text).toMatch(/^would start tiny.*\nnot yet: tiny runs .*slots.*botllm down$/m);
    expect((await operator.run(...up, '--slots', '3')).exitCode).toBe(5);
  });

  test.skipIf(oracleIsMissing)('prints the command of a llama-server, argument by argument', async () => {
    const env = { LLAMA_SERVER_BIN: ORACLE };
    const run = await operator.runWith({ env }, 'up', '--dry-run', '--model', model, '--json');
    const { engine, command, args } = run.json().data;
    expect([engine, command]).toEqual(['native', ORACLE]);
    expect(args).toEqual(expect.arrayContaining(['--model', model, '--ctx-size', '8192', '--parallel', '4']));
  });
});

describe('a model that is not to be had', () => {
  test('is told with the variable or the file that asked for it', async () => {
    const shell = await operator.runWith({ env: { MODEL_ID: 'phi33-mini' } }, 'up');
    expect([shell.exitCode, shell.stderr]).toEqual([2, expect.stringContaining('(MODEL_ID in the shell)')]);
    const served = await operator.runWith({ env: { LLM_MODEL: './gone.gguf' } }, 'up', '--dry-run');
    expect([served.exitCode, served.stderr]).toEqual([
      5,
      expect.stringContaining('(LLM_MODEL in the shell)'),
    ]);
    const cwd = path.join(operator.home, 'bots');
    await mkdir(cwd);
    await writeFile(path.join(cwd, 'botllm.config.yaml'), 'timeout: 5\nmodelId: phi33-mini\n');
    const file = await operator.runWith({ cwd }, 'up');
    expect(file.stderr).toContain(`(modelId in ${path.join(cwd, 'botllm.config.yaml')}:2)`);
    const option = await operator.runWith({ cwd }, 'up', '--model', 'phi33-mini');
    expect(option.stderr).not.toContain('botllm.config.yaml');
  });
});

describe('a token of the user', () => {
  test('is not sent to a hub that came with the project, which one line says', async () => {
    const cwd = path.join(operator.home, 'bots');
    await mkdir(cwd);
    await writeFile(path.join(cwd, '.env'), `HF_ENDPOINT=${hub.endpoint}\n`);
    const shell = { HF_TOKEN: 'hf_of_the_user', HF_ENDPOINT: '' };
    const pulled = await operator.runWith({ cwd, env: shell }, 'pull', 'phi3-mini');
    expect(pulled.exitCode).toBe(0);
    const said = pulled.stderr.split('\n').filter((line) => line.includes('HF_TOKEN is not sent'));
    expect(said).toEqual([expect.stringContaining(path.join(cwd, '.env'))]);
    expect(hub.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(hub.requests)).not.toContain('hf_of_the_user');
    const own = { ...shell, HF_ENDPOINT: hub.endpoint };
    await operator.runWith({ cwd, env: own }, 'pull', 'qwen2.5-3b');
    expect(JSON.stringify(hub.requests)).toContain('hf_of_the_user');
  });
});

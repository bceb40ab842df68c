import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dockerDaemon, gpu, vram } from '../../src/doctor/checks/docker.js';
import { structuredOutput } from '../../src/doctor/checks/engine.js';
import { disk, memory, proxy, settings } from '../../src/doctor/checks/machine.js';
import { gated, licence } from '../../src/doctor/checks/model.js';
import { diagnose } from '../../src/doctor/diagnose.js';
import type { Patient } from '../../src/doctor/patient.js';
import { processStartTime } from '../../src/engines/process-identity.js';
import { writeState } from '../../src/engines/state.js';
import { BotllmError } from '../../src/errors.js';
import { INFO_NVIDIA, INFO_PLAIN, machine, ONE_L4, recorded } from '../engines/compose/recorded.js';
import { ggufBytes } from '../models/gguf-bytes.js';
import { completion, type Reply, startFakeEngine } from '../support/fake-engine.js';
import { patientLike } from './patient-like.js';

const RUNNING = { 'docker version': recorded('27.3.1\n') };

async function withChoice(patient: Patient, family = 'llamacpp'): Promise<Patient> {
  const choice = {
    ...{ schema: 1, engine: 'compose', family, container: 'c', project: 'p', files: [], env: {} },
    ...{ endpoint: 'http://127.0.0.1:1', port: 1, model: 'm', gpus: [], adopted: false, redis: null },
    startedAt: '2026-01-01T00:00:00Z',
  };
  await mkdir(path.dirname(patient.layout.composeState), { recursive: true });
  await writeFile(patient.layout.composeState, JSON.stringify(choice));
  return patient;
}

describe('a GPU (recorded outputs, no card was at hand)', () => {
  test('that Docker cannot hand over is told with the toolkit’s commands', async () => {
    const run = machine({ 'nvidia-smi': ONE_L4, 'docker info': INFO_PLAIN, ...RUNNING });
    const found = await gpu.look(await patientLike({}, run));
    expect(found).toMatchObject({ verdict: 'warn', fix: expect.stringContaining('nvidia-ctk') });
  });

  test('that stands idle beside an engine on the processor is told', async () => {
    const run = machine({ 'nvidia-smi': ONE_L4, 'docker info': INFO_NVIDIA, ...RUNNING });
    const on = (device: string) =>
      patientLike({}, run, { engine: 'compose', state: 'ready', endpoint: 'http://127.0.0.1:1', device });
    expect(await gpu.look(await on('CPU'))).toMatchObject({
      verdict: 'warn',
      fix: 'botllm restart --gpu auto',
    });
    expect(await gpu.look(await on('GPU'))).toMatchObject({
      verdict: 'ok',
      evidence: expect.stringMatching(/NVIDIA L4, 22\.5 GiB, driver 550\.54\.15/),
    });
  });

  test('too small for the model, or holding a part of it only, is told before anybody wonders at the speed', async () => {
    const small = recorded('0, NVIDIA T400, 2048, 1500, 550.54.15\n');
    const run = machine({ 'nvidia-smi': small, 'docker info': INFO_NVIDIA, ...RUNNING });
    const asked = await patientLike({ MODEL_ID: 'phi3-mini' }, run);
    expect(await vram.look(asked)).toMatchObject({
      verdict: 'warn',
      evidence: expect.stringContaining('phi3-mini'),
    });
    const container = {
      ...{ name: 'c', image: 'i', family: 'llamacpp', status: 'running', restarts: 0, gpus: ['0'] },
      offload: { onGpu: 20, total: 33, unit: 'layers' as const },
    };
    const partial = await patientLike({}, run, { engine: 'compose', state: 'ready', container });
    expect(await vram.look(partial)).toMatchObject({
      verdict: 'warn',
      evidence: '20 of 33 layers are on the GPU',
    });
  });
});

describe('Docker', () => {
  const closed = recorded('', {
    exitCode: 1,
    stderr: 'Got permission denied while trying to connect to the Docker daemon socket',
  });

  test('that this user may not ask is a failure where a container of ours runs, and a warning elsewhere', async () => {
    const run = machine({ 'docker version': closed });
    expect(await dockerDaemon.look(await patientLike({}, run))).toMatchObject({ verdict: 'warn' });
    const ours = await withChoice(await patientLike({}, run));
    expect(await dockerDaemon.look(ours)).toMatchObject({
      verdict: 'fail',
      fix: expect.stringContaining('usermod'),
    });
  });

  test('that is not there is nobody’s fault where nobody uses it', async () => {
    expect(await dockerDaemon.look(await patientLike())).toMatchObject({ verdict: 'skip' });
  });
});

describe('the model', () => {
  test('that may not serve a commercial bot is told', async () => {
    expect(await licence.look(await patientLike({ MODEL_ID: 'qwen2.5-3b' }))).toMatchObject({
      verdict: 'warn',
    });
    expect(await licence.look(await patientLike({ MODEL_ID: 'phi3-mini' }))).toMatchObject({ verdict: 'ok' });
  });

  test('that is gated needs a token where the family asks the gated repository, and only there', async () => {
    const of = async (env: Record<string, string>, family: string) =>
      gated.look(await withChoice(await patientLike(env), family));
    expect(await of({ MODEL_ID: 'gemma-2b' }, 'llamacpp')).toMatchObject({ verdict: 'ok' });
    expect(await of({ MODEL_ID: 'gemma-2b' }, 'vllm')).toMatchObject({ verdict: 'warn' });
    expect(await of({ MODEL_ID: 'llama-3.2-3b' }, 'vllm')).toMatchObject({
      verdict: 'fail',
      fix: expect.stringContaining('HF_TOKEN'),
    });
    expect(await of({ MODEL_ID: 'llama-3.2-3b', HF_TOKEN: 'hf_abcdefgh' }, 'vllm')).toMatchObject({
      verdict: 'ok',
    });
  });

  test('that this machine has no room for is a failure with the sum', async () => {
    const patient = await patientLike({ MODEL_ID: 'phi3-mini' });
    const model = await patient.model();
    const tight = { ...patient, model: async () => model && { ...model, machineBytes: 1e9, fits: false } };
    expect(await memory.look(tight)).toMatchObject({
      verdict: 'fail',
      evidence: expect.stringMatching(/GB of 1 GB/),
    });
    const huge = { ...patient, model: async () => model && { ...model, bytes: 1e18 } };
    expect(await disk.look(huge)).toMatchObject({
      verdict: 'fail',
      fix: expect.stringContaining('models rm'),
    });
  });
});

test('a model that is served from a file is known by its file, though no alias means it', async () => {
  const served = { engine: 'embedded', state: 'ready', model: 'tiny' } as const;
  const patient = await patientLike({}, machine({}), served);
  const { layout, cwd } = patient;
  const file = path.join(cwd, 'tiny.gguf');
  await writeFile(file, ggufBytes());
  const place = { host: '127.0.0.1', port: 1, endpoint: 'http://127.0.0.1:1' };
  const model = { name: 'tiny', path: file, standIn: false };
  const startedAt = new Date(0).toISOString();
  await writeState(layout, {
    ...{ schema: 1, engine: 'embedded', instanceId: 'x', ...place, model, startedAt },
    ...{ pid: process.pid, pidStartTime: (await processStartTime(process.pid)) ?? '' },
    ...{ startedWith: { engine: 'embedded', model: 'tiny', gpu: 'none' }, settingsHash: '' },
    botllmVersion: '0',
  });
  expect(await patient.model()).toMatchObject({ name: 'tiny', path: file, context: 512 });
  expect(await licence.look(patient)).toMatchObject({ evidence: expect.stringContaining('tiny') });
});

describe('the surroundings', () => {
  test('a proxy that would be asked for the engine is told, and one that would not is fine', async () => {
    expect(await proxy.look(await patientLike({ HTTP_PROXY: 'http://p:3128' }))).toMatchObject({
      verdict: 'warn',
      fix: expect.stringContaining('NO_PROXY'),
    });
    const spared = await patientLike({ HTTP_PROXY: 'http://p:3128', NO_PROXY: 'localhost,127.0.0.1' });
    expect(await proxy.look(spared)).toMatchObject({ verdict: 'ok' });
  });

  test('a misspelt variable is told, and a wrong value is a failure that names it', async () => {
    expect(await settings.look(await patientLike({ LLM_TIMEOUTS: '5' }))).toMatchObject({ verdict: 'warn' });
    const wrong = await settings.look(await patientLike({ LLM_RATE_LIMIT: 'x' }));
    expect(wrong).toMatchObject({ verdict: 'fail', evidence: expect.stringContaining('LLM_RATE_LIMIT') });
  });
});

describe('the canary', () => {
  const classify = async (...replies: Reply[]) => {
    const engine = await startFakeEngine();
    onTestFinished(() => engine.close());
    engine.script(...replies);
    engine.answerWith(completion('Hello, how are you today?'));
    const status = { engine: 'remote', state: 'ready', endpoint: engine.url } as const;
    return structuredOutput.look(await patientLike({}, machine({}), status));
  };

  test('says that an engine keeps to a schema when it gives what no model would say by itself', async () => {
    expect(await classify(completion('{"code":"QX7"}'))).toMatchObject({ verdict: 'ok' });
  });

  test('says that it does not when it says hello, or gives the shape only once it is told', async () => {
    expect(await classify()).toMatchObject({
      verdict: 'warn',
      evidence: expect.stringContaining('does not keep'),
    });
    expect(await classify(completion('Hello!'), completion('{"code":"QX7"}'))).toMatchObject({
      verdict: 'warn',
    });
    expect(await classify(completion('{"code":"hello"}'))).toMatchObject({ verdict: 'warn' });
  });
});

describe('a diagnosis', () => {
  test('ends in time and in order, whatever one look does', async () => {
    const checks = [
      { id: 'hangs', boundMs: 30, look: () => new Promise<never>(() => undefined) },
      { id: 'breaks', look: () => Promise.reject(new TypeError('no such thing')) },
      {
        id: 'refuses',
        look: () => Promise.reject(new BotllmError('NOT_READY', 'Not yet', { hint: 'wait' })),
      },
      { id: 'well', look: () => ({ verdict: 'ok', evidence: 'fine' }) as const },
    ];
    expect(await diagnose(await patientLike(), checks)).toEqual([
      { id: 'hangs', verdict: 'warn', evidence: 'no answer within 0.03 s' },
      { id: 'breaks', verdict: 'warn', evidence: 'could not be looked at: no such thing' },
      { id: 'refuses', verdict: 'warn', evidence: 'Not yet', fix: 'wait' },
      { id: 'well', verdict: 'ok', evidence: 'fine' },
    ]);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ComposeChoice, readChoice, writeChoice } from '../../../src/engines/compose/choice.js';
import { findContainer, inspectContainer } from '../../../src/engines/compose/container.js';
import { composeDown } from '../../../src/engines/compose/down.js';
import { FAMILIES } from '../../../src/engines/compose/plan.js';
import { containerStatus } from '../../../src/engines/compose/status.js';
import { waitForContainer } from '../../../src/engines/compose/wait.js';
import { homeLayout } from '../../../src/settings/home.js';
import { answering, inspected, NO_DAEMON, NO_SUCH } from './calls.js';
import { recorded } from './recorded.js';

const CHOICE: ComposeChoice = {
  ...{ schema: 1, engine: 'compose', family: 'llamacpp', container: 'botfactory-llm', project: 'botllm' },
  ...{ files: [], env: {}, endpoint: 'http://127.0.0.1:9', port: 9, model: 'm', gpus: [], adopted: false },
  ...{ redis: null, startedAt: '2026-11-25T18:00:00Z' },
};
const NO_RIGHT = recorded('', {
  exitCode: 1,
  stderr:
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
});
const noDaemon = answering(() => NO_DAEMON).run;
const noneThere = answering(() => NO_SUCH).run;

async function engine(): Promise<string> {
  const server = createServer((request, response) =>
    response.end(request.url === '/v1/models' ? '{"data":[{"id":"tiny"}]}' : '{}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('where Docker cannot be asked', () => {
  test('that is no word of the container: only Docker says that there is none', async () => {
    expect(await inspectContainer(noneThere, 'botfactory-llm')).toBeUndefined();
    await expect(inspectContainer(noDaemon, 'botfactory-llm')).rejects.toMatchObject({
      code: 'MISSING_PREREQUISITE',
      hint: expect.stringContaining('systemctl start docker'),
    });
    expect(await findContainer(noDaemon, 'botfactory-llm')).toBeUndefined();
  });

  test('down keeps its record, and says so; with Docker’s word that there is nothing, it is forgotten', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'botllm-unasked-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const layout = homeLayout(home);
    await writeChoice(layout, CHOICE);
    const how = { layout, graceMs: 1, known: [] };
    await expect(composeDown(CHOICE, { ...how, run: noDaemon })).rejects.toMatchObject({
      code: 'MISSING_PREREQUISITE',
    });
    expect(await readChoice(layout)).toEqual(CHOICE);
    await composeDown(CHOICE, { ...how, run: noneThere });
    expect(existsSync(layout.composeState)).toBe(false);
  });

  test('status asks the engine itself, and says why it knows no more', async () => {
    const ready = { ...CHOICE, endpoint: await engine() };
    const { run } = answering(() => NO_RIGHT);
    expect(await containerStatus(ready, run)).toMatchObject({
      ...{ state: 'ready', model: 'tiny', container: undefined },
      reason: expect.stringContaining('permission denied'),
    });
    expect(await containerStatus(CHOICE, run)).toMatchObject({ state: 'unhealthy' });
  });

  test('a start waits through one late answer, and not for ever', async () => {
    const wait = {
      ...{ endpoint: 'http://127.0.0.1:9', signal: new AbortController().signal, timeoutMs: 50 },
      ...{ family: FAMILIES.llamacpp, container: 'botfactory-llm', restartsBefore: 0, readyWithinMs: 60_000 },
      onPhase: () => {},
    };
    let looks = 0;
    const late = answering((line) => {
      if (!line.includes('inspect')) return recorded('error loading model: unknown model architecture');
      looks += 1;
      if (looks === 1) return recorded('', { exitCode: undefined as never, stderr: 'no answer within 20 s' });
      return inspected({ state: { Status: 'exited', Running: false, ExitCode: 1 } });
    });
    await expect(waitForContainer({ ...wait, run: late.run })).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
    });
    await expect(waitForContainer({ ...wait, run: noDaemon })).rejects.toMatchObject({
      code: 'MISSING_PREREQUISITE',
    });
  });
});

describe('what status says of a container', () => {
  const look = (found: Parameters<typeof inspected>[0], logged = '') =>
    containerStatus(
      CHOICE,
      answering((line) => (line.includes('inspect') ? inspected(found) : recorded(logged))).run,
    );

  test('that ended says why', async () => {
    const state = { Status: 'exited', Running: false, OOMKilled: true, ExitCode: 137 };
    expect(await look({ state })).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('memory'),
    });
  });

  test('in a restart loop is not well', async () => {
    const state = { Status: 'restarting', Restarting: true, ExitCode: 1 };
    expect(await look({ state })).toMatchObject({ state: 'unhealthy', reason: expect.any(String) });
  });

  test('that loads says how far it is; one that was well and is silent hangs', async () => {
    const loads = await look({}, 'srv  load_model: loading model /weights/a.gguf');
    expect(loads).toMatchObject({ state: 'loading', phase: 'load' });
    expect(await look({ state: { Health: { Status: 'unhealthy' } } })).toMatchObject({ state: 'unhealthy' });
  });

  test('that Docker does not know is stopped', async () => {
    expect(await containerStatus(CHOICE, noneThere)).toEqual({ state: 'stopped', container: undefined });
  });
});

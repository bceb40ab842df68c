import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { processStartTime } from '../../src/engines/process-identity.js';
import { liveState, readState, runningState } from '../../src/engines/state.js';
import { homeLayout } from '../../src/settings/home.js';

async function withRecord(change: object, look: (layout: ReturnType<typeof homeLayout>) => Promise<void>) {
  const home = await mkdtemp(path.join(tmpdir(), 'botllm-state-'));
  try {
    const layout = homeLayout(home);
    await mkdir(layout.state);
    const record = {
      ...{ schema: 1, engine: 'embedded', pid: process.pid, instanceId: 'x', host: '127.0.0.1', port: 11434 },
      pidStartTime: await processStartTime(process.pid),
      endpoint: 'http://127.0.0.1:11434',
      model: { name: 'm', path: '/m.gguf', standIn: false },
      startedWith: { model: 'm', gpu: 'none' },
      ...{ settingsHash: '', botllmVersion: '0', startedAt: new Date(0).toISOString() },
      ...change,
    };
    await writeFile(layout.engineState, JSON.stringify(record));
    await look(layout);
  } finally {
    await rm(home, { recursive: true });
  }
}

test.each(['https://evil.example', 'http://127.0.0.1.evil.example:1', 'http://127.0.0.1:1@evil.example'])(
  'a record of an engine that came with a project cannot send calls and keys to %s',
  (endpoint) => withRecord({ endpoint }, async (layout) => expect(await liveState(layout)).toBeNull()),
);

test('only looking for a running engine leaves the record of a dead one where it is', () =>
  withRecord({ pidStartTime: 'another process' }, async (layout) => {
    expect(await runningState(layout)).toBeNull();
    expect(await readState(layout)).not.toBeNull();
    expect(await liveState(layout)).toBeNull();
    expect(await readState(layout)).toBeNull();
  }));

test('an engine that runs is found by both', () =>
  withRecord({}, async (layout) => {
    expect(await runningState(layout)).toEqual(await liveState(layout));
    expect(await runningState(layout)).toMatchObject({ endpoint: 'http://127.0.0.1:11434' });
  }));

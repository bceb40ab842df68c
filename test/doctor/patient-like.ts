import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { type Patient, patientOf } from '../../src/doctor/patient.js';
import type { RunTool } from '../../src/engines/compose/run-tool.js';
import type { EngineStatus } from '../../src/engines/status.js';
import { nearest } from '../../src/models/nearest.js';
import { homeLayout } from '../../src/settings/home.js';
import { loadConfiguration } from '../../src/settings/load.js';
import { machine } from '../engines/compose/recorded.js';

/** An installation in a folder of its own, on a machine that has these programs and this environment. */
export async function patientLike(
  env: Record<string, string> = {},
  run: RunTool = machine({}),
  engine: EngineStatus = { engine: null, state: 'stopped' },
): Promise<Patient> {
  const home = mkdtempSync(path.join(tmpdir(), 'botllm-doctor-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folders = { cwd: home, home, userConfig: path.join(home, 'config') };
  const configuration = await loadConfiguration({ env, folders, flags: {}, suggest: nearest });
  const { settings } = configuration;
  return patientOf({
    ...{ run, settings, configuration, env },
    layout: homeLayout(path.join(home, 'botllm')),
    cwd: home,
    signal: new AbortController().signal,
    look: async () => engine,
    clientOf: async ({ endpoint }) =>
      createLlmClient({ baseUrl: endpoint, store: 'memory', timeoutMs: 2_000 }),
  });
}

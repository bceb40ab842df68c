import { release } from 'node:os';
import { findCompose } from '../../engines/compose/compose-tool.js';
import { containerLog } from '../../engines/compose/docker.js';
import { showSettings } from '../../settings/show.js';
import type { DiagnosisLine } from '../check.js';
import type { Patient } from '../patient.js';
import { type Redact, withoutUserText } from './redact.js';
import { tailOf, tailText } from './tail.js';

/** One file of the bundle. */
export interface BundleFile {
  name: string;
  text: string;
}

/** Of each log, and of the engine's metrics. */
const TAIL_BYTES = 256 * 1024;
const TAIL_LINES = 2_000;
const METRICS_MS = 2_000;

/** Everything that helps somebody else to understand this installation; what is not to be had is left out. */
export async function collect(
  patient: Patient,
  version: string,
  diagnosis: readonly DiagnosisLine[],
  redact: Redact,
): Promise<BundleFile[]> {
  const { layout, configuration, choice, engine } = patient;
  const [status, chosen] = await Promise.all([engine(), choice()]);
  const checks = diagnosis.map(({ mend: _, ...line }) => line);
  const clean = (name: string, text: string) =>
    redact(name.startsWith('logs/') ? withoutUserText(text) : text);
  const files: [string, string | undefined][] = [
    ['doctor.json', json(checks)],
    ['settings.json', json({ files: configuration.files, settings: showSettings(configuration) })],
    ['versions.json', json(await versions(patient, version))],
    ['status.json', json(status)],
    ['compose.json', chosen === null ? undefined : json(chosen)],
    ['logs/engine.log', await tailOf(layout.engineLog, TAIL_BYTES)],
    ['logs/events.ndjson', await tailOf(layout.eventLog, TAIL_BYTES)],
    ['logs/container.log', await logOf(patient, (await patient.llm())?.name)],
    ['logs/redis.log', await logOf(patient, (await patient.redisContainer())?.name)],
    ['metrics/engine.txt', await metricsOf(patient, status.endpoint)],
  ];
  return files.flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [{ name, text: clean(name, text) }],
  );
}

async function versions({ run, docker, redis }: Patient, botllm: string) {
  const [daemon, compose, store] = await Promise.all([docker(), findCompose(run), redis()]);
  return {
    botllm,
    node: process.versions.node,
    system: `${process.platform} ${process.arch} ${release()}`,
    docker: daemon.state === 'running' ? daemon.version : daemon.state,
    compose: compose?.version,
    redis: store?.version,
  };
}

async function logOf({ run }: Patient, container: string | undefined): Promise<string | undefined> {
  if (container === undefined) return undefined;
  const lines = await containerLog(run, container, { tail: TAIL_LINES });
  return tailText(lines.join('\n'), TAIL_BYTES);
}

/** An engine that shows none answers 404 or 501. */
async function metricsOf(
  { settings, signal }: Patient,
  endpoint: string | undefined,
): Promise<string | undefined> {
  if (endpoint === undefined) return undefined;
  try {
    const response = await fetch(`${endpoint}/metrics`, {
      headers: settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(METRICS_MS)]),
    });
    return response.ok && response.body ? await beginning(response.body) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** As much as is taken: whoever answers there may go on for ever. */
async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > TAIL_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, TAIL_BYTES).toString('utf8');
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

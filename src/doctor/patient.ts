import type { LlmClient } from '../client/client.js';
import { type ComposeChoice, readChoice } from '../engines/compose/choice.js';
import { type Container, inspectContainer } from '../engines/compose/container.js';
import { type DockerProbe, probeDocker } from '../engines/compose/docker.js';
import { type GpuProbe, probeGpu } from '../engines/compose/gpu.js';
import { DEFAULT_LLM, DEFAULT_REDIS } from '../engines/compose/names.js';
import type { RunTool } from '../engines/compose/run-tool.js';
import { runningState } from '../engines/state.js';
import type { EngineStatus } from '../engines/status.js';
import { CATALOGUE } from '../models/catalogue.js';
import { describeModel, type ModelDescription } from '../models/describe.js';
import type { HomeLayout } from '../settings/home.js';
import type { Configuration } from '../settings/load.js';
import type { Env } from '../settings/read.js';
import { runningRedis } from '../settings/running-engine.js';
import type { Settings } from '../settings/table.js';
import { type FirewallState, readFirewall } from './firewall/read.js';
import { lookAtRedis, type RedisLook } from './redis-look.js';

/** What a diagnosis is given from outside. */
export interface PatientParts {
  run: RunTool;
  settings: Settings;
  configuration: Configuration;
  layout: HomeLayout;
  /** Of the shell, for proxies. */
  env: Env;
  cwd: string;
  signal: AbortSignal;
  /** One look at the engine that commands mean; `detail` takes seconds, and says how much of a model is on the GPU. */
  look: (detail: boolean) => Promise<EngineStatus>;
  /** The client that a bot with these settings has. */
  clientOf: (engine: EngineStatus) => Promise<LlmClient>;
}

/** What is looked at; every fact is learnt once, whoever asks first. */
export interface Patient extends PatientParts {
  docker: () => Promise<DockerProbe>;
  gpu: () => Promise<GpuProbe>;
  engine: () => Promise<EngineStatus>;
  /** What `up` chose for a container. */
  choice: () => Promise<ComposeChoice | null>;
  /** The engine's container and the Redis beside it: of the record, else by their usual names. */
  llm: () => Promise<Container | undefined>;
  redisContainer: () => Promise<Container | undefined>;
  /** REDIS_URL, else the Redis that `up` started; undefined: the embedded store. */
  redisUrl: string | undefined;
  redis: () => Promise<RedisLook | undefined>;
  /** Undefined: only root may look, or there is no iptables. */
  firewall: () => Promise<FirewallState | undefined>;
  /** The model that is served, else the one that `up` would start; undefined: nobody knows it by name. */
  model: () => Promise<ModelDescription | undefined>;
}

export function patientOf(parts: PatientParts): Patient {
  const { run, settings, layout, cwd } = parts;
  const docker = once(() => probeDocker(run));
  const gpu = once(() => probeGpu(run));
  const engine = once(async () => parts.look((await gpu()).cards.length > 0));
  const choice = once(() => readChoice(layout));
  const container = (name: () => Promise<string>) =>
    once(async () =>
      (await docker()).state === 'running' ? inspectContainer(run, await name()) : undefined,
    );
  const url = settings.redisUrl ?? runningRedis(layout);
  const redisUrl = url === 'none' ? undefined : url;
  return {
    ...parts,
    docker,
    engine,
    choice,
    redisUrl,
    gpu,
    llm: container(async () => (await choice())?.container ?? settings.llmContainer ?? DEFAULT_LLM),
    redisContainer: container(
      async () => (await choice())?.redis?.container ?? settings.redisContainer ?? DEFAULT_REDIS,
    ),
    redis: once(async () => (redisUrl === undefined ? undefined : lookAtRedis(redisUrl))),
    firewall: once(() => readFirewall(run)),
    model: once(async () => {
      const served = (await engine()).model ?? settings.modelId ?? settings.model ?? CATALOGUE.defaultAlias;
      const where = { modelsDir: layout.models, cwd };
      // One that nobody knows by name has its file's facts, where it is served from here; else none to go by, and
      // `up` says so when it is asked for it.
      return describeModel(served, where).catch(async () => {
        const live = await runningState(layout);
        if (live?.model.name !== served) return undefined;
        return describeModel(live.model.path, where).catch(() => undefined);
      });
    }),
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

import type { ResolvedModel } from '../../../models/resolve.js';

export type FamilyName = 'llamacpp' | 'vllm' | 'ollama' | 'tgi';

/** What is wanted of a family's container, with profile and defaults already in it. */
export interface FamilyOrder {
  model: ResolvedModel;
  /** As the guide writes it (int4, int8, gptq) or in the family's own words; '': as the model is published. */
  quantize: string;
  /** A profile's wish rather than the user's word: the nearest that the family has is taken. */
  quantizeIsGoal: boolean;
  /** Tokens of all requests at once. */
  totalTokens?: number | undefined;
  /** Ids of the GPUs that it is given; none: the processor. */
  gpus: readonly string[];
  /** Whether the hub's token is there; the plan never holds the token itself. */
  hfToken: boolean;
  /** Whether clients need LLM_API_KEY; the plan never holds the key itself. */
  apiKey: boolean;
  /** In place of the family's own. */
  image?: string | undefined;
}

/** A value, or the variable that Compose reads it from when it starts: a secret is never written into a file. */
export type EnvValue = string | { from: 'HF_TOKEN' | 'LLM_API_KEY' };

export interface Mount {
  /** A named volume, or a folder of the host. */
  from: { volume: string } | { folder: string };
  to: string;
}

/** A container's definition without what all families share (names, network, port, logs, rights). */
export interface FamilyService {
  image: string;
  command: readonly string[];
  environment: Readonly<Record<string, EnvValue>>;
  mounts: readonly Mount[];
  /** The health check's command and the time that a first start may take. */
  health: { test: readonly string[]; startPeriod: string };
  /** What it may take of the host's memory unless another bound is asked for. */
  memory: string;
  /** Of /dev/shm, where the family's workers talk through it. */
  shm?: string;
  /** Whether it runs with a read-only root. */
  readOnly: boolean;
}

/** A request that the family wants after it has started, before it can answer. */
export interface StartStep {
  path: string;
  body: Readonly<Record<string, unknown>>;
}

export interface FamilyPlan {
  service: FamilyService;
  /** The name that clients send and `/v1/models` shows. */
  served: string;
  /** Tokens of one request, prompt and answer together. */
  context: number;
  /** Requests that are decoded together; absent where the engine decides by its memory. */
  slots?: number;
  /** What was understood in another way than it was written, one line each. */
  notices: readonly string[];
  /** In this order; empty: the container does all by itself. */
  steps: readonly StartStep[];
  /** The program of its image, with its words, that fetches the weights into the first mount and starts nothing. */
  fetch?: readonly string[];
}

export type LoadPhase = 'download' | 'load' | 'warm-up' | 'ready';

export interface Family {
  readonly name: FamilyName;
  /** The health check that the guide's `curl localhost:11434/…` reaches. */
  readonly health: string;
  /** Asked until it says that the model can answer, which for some is later than health. */
  readonly readiness: { path: string; isReady: (status: number, body: unknown) => boolean };
  /** Whether it can ask its clients for a key. */
  readonly takesKey: boolean;
  /** Of its Prometheus page; absent: it has none. */
  readonly metrics?: FamilyMetrics;
  /** Which words in its log begin a phase of the start, the latest phase last. */
  readonly phases: readonly { phase: LoadPhase; pattern: RegExp }[];
  /** @throws BotllmError `BAD_CONFIG`, `MODEL_UNAVAILABLE` or `MISSING_PREREQUISITE`, with the reason */
  plan(order: FamilyOrder): FamilyPlan;
}

/** Names of one fact each on the family's own page, for dashboards. */
export interface FamilyMetrics {
  path: string;
  running: string;
  waiting: string;
  promptTokens: string;
  outputTokens: string;
  /** Share of the KV cache in use; absent where the page does not say. */
  kvUse?: string;
}

/** The port that every family listens on inside its network. */
export const INNER_PORT = 11_434;

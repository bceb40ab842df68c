import { z } from 'zod';
import { Memory } from './schema-memory.js';
import { Quality } from './schema-quality.js';
import { Result } from './schema-result.js';

/** Why a figure is not there, by its name: what was not measured is absent, never 0. */
export const Absent = z.record(z.string(), z.string());

/** The error that `bench self-test` found in the instrument itself, on this machine. */
export const SelfTest = z.object({
  ttft_add_ms: z.object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number() }).partial(),
  tpot_err_ms: z.number(),
});

/** The machine that measured. */
const MachineFacts = z.object({
  node: z.string(),
  os: z.string(),
  cpu: z.string(),
  cores: z.number().int().positive(),
  /** Bytes of memory in all. */
  memory_bytes: z.number().positive().optional(),
});
export type MachineFacts = z.infer<typeof MachineFacts>;

/** The machine and the program that measured. */
export const ClientFacts = MachineFacts.extend({
  transport: z.string(),
  self_test: SelfTest.optional(),
  event_loop_delay_ms: z.object({ p99: z.number(), max: z.number() }).partial().optional(),
});

export const Hardware = z.object({
  /** Where the model computed; a row on the processor is not one on a consumer GPU. */
  device: z.enum(['cpu', 'gpu', 'unknown']),
  cpu: z.string().optional(),
  gpu: z.array(z.string()),
  driver: z.string().optional(),
});

export const Capabilities = z
  .object({
    usage_stream: z.boolean(),
    ignore_eos: z.boolean(),
    cached_tokens: z.boolean(),
    timings: z.boolean(),
  })
  .partial();

/**
 * The evidence where an engine does not tell what it took from its prompt cache: how soon the first token comes to a
 * prompt that nobody asked before, and to the very same prompt again. Medians.
 */
export const CacheProbe = z.object({
  first_ttft_ms: z.number(),
  repeat_ttft_ms: z.number(),
  pairs: z.number().int().positive(),
});
export type CacheProbe = z.infer<typeof CacheProbe>;

/** A model and what serves it; what nobody says is absent. */
export const ServedFacts = z.object({
  /** What `compare` pairs two reports by: the name that was asked for. */
  id: z.string(),
  /** The name that the engine serves it under. */
  model: z.string(),
  /** `embedded`, `native`, `compose`, `remote`; of an engine that somebody else runs and names, its family. */
  engine: z.string(),
  /** `llamacpp`, `vllm`, `tgi`, `ollama`: whose image a container runs, or whose wire an engine speaks. */
  family: z.string().optional(),
  engine_version: z.string().optional(),
  image: z.string().optional(),
  weights_sha256: z.string().optional(),
  /** Of the file with the weights. */
  weights_bytes: z.number().positive().optional(),
  /** How many weights there are: 3.8e9 for a 3.8 B model. */
  parameters: z.number().positive().optional(),
  /** Random numbers in the shape of the model: good for speed, said in the row, never for quality. */
  random_weights: z.boolean().optional(),
  quant: z.string().optional(),
  /** Tokens of context of one slot. */
  ctx: z.number().int().positive().optional(),
  slots: z.number().int().positive().optional(),
  base_url: z.string(),
  /** The bench started it for itself; otherwise it was measured where it was served. */
  started: z.boolean(),
  hw: Hardware,
});
export type ServedFacts = z.infer<typeof ServedFacts>;

/** One model as one engine served it. */
export const Target = ServedFacts.extend({
  capabilities: Capabilities.optional(),
  cache_probe: CacheProbe.optional(),
  cold: z
    .object({ load_ms: z.number(), first_ttft_ms: z.number(), first_e2e_ms: z.number() })
    .partial()
    .optional(),
  memory: Memory.optional(),
  results: z.array(Result),
  quality: z.array(Quality).optional(),
  /** Why it has no results, or not all that were asked for. */
  failed: z.object({ code: z.string(), message: z.string() }).optional(),
  absent: Absent.optional(),
});
export type Target = z.infer<typeof Target>;

/** `data` of `botllm.bench/1`. */
export const BenchReport = z.object({
  report_id: z.string(),
  /** ISO 8601; the only wall-clock time. */
  started_at: z.string(),
  botllm: z.object({ version: z.string(), commit: z.string().optional() }),
  /** As it was called, secrets taken out. */
  argv: z.array(z.string()),
  /** Resolved: what was measured and how often. */
  config: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  label: z.string().optional(),
  client: ClientFacts,
  /** The formula of each figure, in words. */
  definitions: z.record(z.string(), z.string()),
  targets: z.array(Target),
  /** One line of JSON a request, beside the report. */
  requests_file: z.string().optional(),
  /** Ended before its time: what is there was measured, the rest was not. */
  interrupted: z.boolean().optional(),
});
export type BenchReport = z.infer<typeof BenchReport>;

export const BENCH_SCHEMA = 'botllm.bench/1';

/** What `bench --json` prints last and `bench -o report.json` writes. */
export const BenchDocument = z
  .object({ schema: z.literal(BENCH_SCHEMA), data: BenchReport })
  .meta({ title: BENCH_SCHEMA, description: 'A report of botllm bench. Absent figures were not measured.' });
export type BenchDocument = z.infer<typeof BenchDocument>;

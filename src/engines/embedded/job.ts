import * as z from '../../zod.js';

/** What the process that holds the model is told by the one that starts it (JSON in BOTLLM_ENGINE_JOB). */
export const EngineJob = z.object({
  /** Repeated by `/health`, so that nobody takes another engine on the same port for this one. */
  instanceId: z.string().min(8),
  botllmVersion: z.string(),
  host: z.string(),
  port: z.number().int().min(0).max(65535),
  /** The port that it moves to on SIGUSR2: it is started beside the engine that it will follow. */
  laterPort: z.number().int().min(1).max(65535).optional(),
  model: z.object({
    /** The name that replies and `/v1/models` carry. */
    name: z.string().min(1),
    path: z.string().min(1),
    /** False: pass `enable_thinking: false` to the chat template. */
    thinking: z.boolean(),
  }),
  /** Tokens that one request may use; absent: chosen by memory, at most what the model was trained on. */
  context: z.number().int().min(64).optional(),
  /** Requests that are decoded together; absent: chosen by memory, at most 4. */
  slots: z.number().int().min(1).max(64).optional(),
  /** Threads of llama.cpp; absent: one for each core that this process may use. */
  threads: z.number().int().min(1).max(256).optional(),
  gpu: z.enum(['auto', 'none']),
  /** Bytes that model, KV cache and buffers may take; absent: what the machine has available. */
  memoryBytes: z.number().int().positive().optional(),
  /** Exit after this time without a request; absent: never. */
  idleTimeoutMs: z.number().int().positive().optional(),
  /** Where a failed start leaves its reason (StartFailure) before the process exits with 1. */
  failureFile: z.string().min(1),
  /** The log that this process writes and rotates; absent: standard error (foreground). */
  logFile: z.string().optional(),
  /** From where the binding is imported when the package itself does not carry it (a folder with node_modules). */
  bindingRoot: z.string().optional(),
});
export type EngineJob = z.infer<typeof EngineJob>;

/** What `failureFile` holds. */
export const StartFailure = z.object({
  instanceId: z.string(),
  code: z.enum(['NOT_ENOUGH_MEMORY', 'MODEL_BROKEN', 'PORT_TAKEN', 'MISSING_PREREQUISITE', 'ENGINE_FAILED']),
  message: z.string(),
  detail: z.string().optional(),
  hint: z.string().optional(),
});
export type StartFailure = z.infer<typeof StartFailure>;

/**
 * `GET /health`. 200 only once a token was made. Until then 503 with the phase and, where it is known,
 * the progress (0 to 1), beside OpenAI's error shape.
 */
export const HealthReply = z.object({
  status: z.enum(['ok', 'loading', 'stopping']),
  instanceId: z.string(),
  phase: z.enum(['checks', 'load', 'context', 'probe', 'ready', 'stopping']),
  progress: z.number().min(0).max(1).optional(),
  model: z.string(),
  device: z.string().optional(),
  context: z.number().optional(),
  slots: z.number().optional(),
  busy: z.number().optional(),
  queued: z.number().optional(),
  startedAt: z.string(),
  version: z.string(),
  pid: z.number(),
});
export type HealthReply = z.infer<typeof HealthReply>;

import * as z from '../../zod.js';

/** What the process that holds the model is told by the one that starts it (JSON in BOTLLM_ENGINE_JOB). */
export const EngineJob = z.object({
  /** Repeated by `/health`, so that nobody takes another engine on the same port for this one. */
  instanceId: z.string().check(z.minLength(8)),
  botllmVersion: z.string(),
  host: z.string(),
  port: z.int().check(z.minimum(0), z.maximum(65535)),
  /** The port that it moves to on SIGUSR2: it is started beside the engine that it will follow. */
  laterPort: z.optional(z.int().check(z.minimum(1), z.maximum(65535))),
  model: z.object({
    /** The name that replies and `/v1/models` carry. */
    name: z.string().check(z.minLength(1)),
    path: z.string().check(z.minLength(1)),
    /** False: pass `enable_thinking: false` to the chat template. */
    thinking: z.boolean(),
  }),
  /** Tokens that one request may use; absent: chosen by memory, at most what the model was trained on. */
  context: z.optional(z.int().check(z.minimum(64))),
  /** Requests that are decoded together; absent: chosen by memory, at most 4. */
  slots: z.optional(z.int().check(z.minimum(1), z.maximum(64))),
  /** Threads of llama.cpp; absent: one for each core that this process may use. */
  threads: z.optional(z.int().check(z.minimum(1), z.maximum(256))),
  gpu: z.enum(['auto', 'none']),
  /** Bytes that model, KV cache and buffers may take; absent: what the machine has available. */
  memoryBytes: z.optional(z.int().check(z.positive())),
  /** Exit after this time without a request; absent: never. */
  idleTimeoutMs: z.optional(z.int().check(z.positive())),
  /** Where a failed start leaves its reason (StartFailure) before the process exits with 1. */
  failureFile: z.string().check(z.minLength(1)),
  /** The log that this process writes and rotates; absent: standard error (foreground). */
  logFile: z.optional(z.string()),
  /** From where the binding is imported when the package itself does not carry it (a folder with node_modules). */
  bindingRoot: z.optional(z.string()),
});
export type EngineJob = z.infer<typeof EngineJob>;

/** What `failureFile` holds. */
export const StartFailure = z.object({
  instanceId: z.string(),
  code: z.enum(['NOT_ENOUGH_MEMORY', 'MODEL_BROKEN', 'PORT_TAKEN', 'MISSING_PREREQUISITE', 'ENGINE_FAILED']),
  message: z.string(),
  detail: z.optional(z.string()),
  hint: z.optional(z.string()),
});
export type StartFailure = z.infer<typeof StartFailure>;

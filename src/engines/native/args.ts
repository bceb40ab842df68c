import { BotllmError } from '../../errors.js';
import { messages } from '../messages.js';

/**
 * A file where the server runs, or a repository of the hub that it fetches from by itself: a file of it, or the
 * one of a quantisation.
 */
export type ServerModel =
  | { path: string }
  | { repo: string; quantise?: string | undefined }
  | { repo: string; file: string };

/** What one wants of a llama-server, wherever it runs: as a process here or in a container. */
export interface ServerWish {
  model: ServerModel;
  /** The name in replies and in `/v1/models`. */
  name: string;
  host: string;
  /** Always given: the server's own default has moved once. */
  port: number;
  /** Tokens that one request may use. */
  context: number;
  /** Requests that are decoded together. */
  slots: number;
  /** `auto`: what the server finds best; `all`: every layer on the GPU, or it fails. */
  gpu: 'auto' | 'none' | 'all';
  /** Whether the chat template may let the model think. */
  thinking: boolean;
  /** Memory for prompts that lost their slot, MiB; the server would take 8192 by itself. */
  promptCacheMiB?: number;
  threads?: number;
}

export interface ServerCommand {
  args: string[];
  /**
   * What only newer versions know, and what an image may already have set: an unknown variable is ignored,
   * while an unknown flag ends the server.
   */
  env: Record<string, string>;
}

const PROMPT_CACHE_MIB = 256;
/** More layers than any model has; the word `all` is younger than the flag. */
const EVERY_LAYER = '999';

/** The one translation of a wish into llama-server's own settings. */
export function serverCommand(wish: ServerWish): ServerCommand {
  const { model, name, host, port, context, slots, gpu, thinking, threads } = wish;
  const args = modelArgs(model);
  args.push('--alias', name, '--host', host, '--port', String(port));
  // A number of slots that is given splits the context between them; one request is to have all it was told.
  args.push('--ctx-size', String(context * slots), '--parallel', String(slots));
  if (gpu === 'none') args.push('--device', 'none');
  if (gpu === 'all') args.push('--n-gpu-layers', EVERY_LAYER);
  if (threads !== undefined) args.push('--threads', String(threads));
  // The model's own chat template; the web page is not for bots; metrics are off by default.
  args.push('--jinja', '--no-webui', '--metrics');
  return {
    args,
    env: {
      LLAMA_ARG_CACHE_RAM: String(wish.promptCacheMiB ?? PROMPT_CACHE_MIB),
      // Sliding-window models could not step back to a shared prefix otherwise.
      LLAMA_ARG_SWA_FULL: '1',
      // A page in a browser on this machine may not read answers from a model that has no key.
      LLAMA_ARG_CORS_ORIGINS: 'localhost',
      // Warnings and errors: what it says of each request would fill a log that nobody rotates while it runs.
      LLAMA_ARG_LOG_VERBOSITY: '2',
      ...('path' in model ? { LLAMA_ARG_OFFLINE: '1' } : {}),
      ...(thinking ? {} : { LLAMA_ARG_REASONING: 'off', LLAMA_ARG_THINK_BUDGET: '0' }),
    },
  };
}

function modelArgs(model: ServerModel): string[] {
  if ('path' in model) return ['--model', model.path];
  if ('file' in model) return ['--hf-repo', model.repo, '--hf-file', model.file];
  return ['--hf-repo', hubReference(model)];
}

/** The guide's words for a quantisation, as GGUF names them. */
const GUIDE_QUANTS: Readonly<Record<string, string>> = { int4: 'Q4_K_M', int8: 'Q8_0' };
const GGUF_QUANT = /^(I?Q\d\w*|TQ\d\w*|B?F16|F32|MXFP4\w*)$/i;

function hubReference({ repo, quantise }: { repo: string; quantise?: string | undefined }): string {
  // An empty QUANTIZE means: what the repository offers first.
  if (quantise === undefined || quantise.trim() === '') return repo;
  const quant = GUIDE_QUANTS[quantise.toLowerCase()] ?? quantise;
  if (GGUF_QUANT.test(quant)) return `${repo}:${quant.toUpperCase()}`;
  throw new BotllmError('BAD_CONFIG', messages.noSuchQuant(quantise), { hint: messages.quantHint });
}

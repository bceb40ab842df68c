import type { MemorySum } from './memory-plan.js';

const number = (value: number) => value.toLocaleString('en-US');
/** Sizes as an operator reads them: MB of 10^6 bytes below 1 GB, else GB with two decimals. */
const size = (bytes: number) =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

function sum(parts: MemorySum): string {
  const { weights, kv, buffers, process, total, tokens, slots, available } = parts;
  return (
    `weights ${size(weights)} + KV cache ${size(kv)} (${number(tokens)} tokens × ${slots} ` +
    `${slots === 1 ? 'slot' : 'slots'}) + buffers ${size(buffers)} + process ${size(process)} = ${size(total)}, ` +
    `available ${size(available)}`
  );
}

/** Sentences of the process that holds the model: its refusals and the reasons of a failed start. */
export const engineMessages = {
  loading: (phase: string) => `The model is still loading (${phase}).`,
  stopping: 'The engine is stopping.',
  queueFull: (queued: number) => `The engine is busy: ${queued} requests are waiting already.`,
  contextExceeded: (promptTokens: number, contextTokens: number) =>
    `The prompt has ${promptTokens} tokens, but the context holds ${contextTokens}.`,
  templateRefused: (reason: string) => `The model's chat template refused the messages: ${reason}`,
  emptyPrompt: 'The prompt has no tokens.',
  schemaUnsupported: (path: string, reason: string) =>
    `The schema at ${path} cannot be held by a grammar: ${reason}.`,
  schemaRejected: 'The schema cannot be made into a grammar.',
  clientGone: 'The client closed the connection.',
  generationFailed: 'The model stopped with an error.',

  portTaken: (host: string, port: number) => `Port ${port} on ${host} is taken by another program`,
  portRefused: (host: string, port: number) => `Listening on ${host}:${port} is not allowed`,
  portHint: 'choose another port: botllm up --port <port>',
  bindingMissing: 'The llama.cpp binding (node-llama-cpp) could not be loaded',
  bindingHint: 'run botllm up, which installs the binding for this platform',
  modelMissing: 'The model file is not there',
  modelUnreadable: 'The model file is broken or is not a GGUF',
  modelTruncated: (has: number, needs: number) =>
    `the file has ${number(has)} bytes, its tensors need ${number(needs)}`,
  modelRefused: 'llama.cpp could not load the model',
  modelHint: 'remove the file and fetch the model again: botllm up',
  contextOverTrained: (asked: number, trained: number) =>
    `A context of ${number(asked)} tokens was asked for, but the model was trained on ${number(trained)}`,
  contextOverTrainedHint: (trained: number) => `ask for at most ${trained}: --context ${trained}`,
  notEnoughMemory: 'The model does not fit into memory',
  memorySum: sum,
  memoryHint: 'choose a smaller model (--model) or a smaller context (--context)',
  noContextLeft: 'llama.cpp could not allocate what it needs',
  startFailed: 'The engine could not start',
} as const;

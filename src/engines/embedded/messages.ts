const number = (value: number) => value.toLocaleString('en-US');

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
  logSaysMore: 'the lines before this one in the log say more',
  modelHint: 'fetch the file again, or choose another model: botllm models',
  contextOverTrained: (asked: number, trained: number) =>
    `A context of ${number(asked)} tokens was asked for, but the model was trained on ${number(trained)}`,
  contextOverTrainedHint: (trained: number) => `ask for at most ${trained}: --context ${trained}`,
  noContextLeft: 'llama.cpp could not allocate what it needs',
  startFailed: 'The engine could not start',
} as const;

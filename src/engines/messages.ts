import { inLanguage } from '../language.js';
import type { MemorySum } from './memory-plan.js';

const number = (value: number) => value.toLocaleString('en-US');
/** Sizes as an operator reads them: MB of 10^6 bytes below 1 GB, else GB with two decimals. */
const size = (bytes: number) =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

function sum(parts: MemorySum): string {
  const { weights, kv, buffers, process, total, tokens, slots, available, asked } = parts;
  // An estimate has it among the buffers.
  const rest = process > 0 ? ` + process ${size(process)}` : '';
  return (
    `weights ${size(weights)} + KV cache ${size(kv)} (${number(tokens)} tokens × ${slots} ` +
    `${slots === 1 ? 'slot' : 'slots'}) + buffers ${size(buffers)}${rest} = ${size(total)}, ` +
    `${asked ? '--memory allows' : 'available'} ${size(available)}`
  );
}

/** Every sentence that the engines room says to people. */
export const messages = inLanguage('engines', {
  switchUnderWay: 'Another switch of this home is at work',
  switchUnderWayHint: 'wait for it, or end it with Ctrl-C; botllm status',
  changedMeanwhile: 'Another command stopped or changed the engine meanwhile',
  portNotTaken: (port: number) => `The new engine could not take over port ${port}`,
  lockedTooLong: 'Another botllm is starting or stopping this engine and does not finish',
  portTaken: (port: number) => `Port ${port} is taken`,
  portTakenBy: (owner: string) => `It answers as: ${owner}`,
  portTakenHint: (port: number) => `botllm up --port ${port + 1}, or stop the other program`,
  otherSettings: 'The engine already runs with other settings',
  otherSettingsDetail: (differences: readonly string[]) => differences.join('; '),
  otherSettingsHint: 'botllm down && botllm up …',
  engineDied: (code: string) => `The engine stopped before it was ready (${code})`,
  whileLoading: 'while it was loading',
  engineDiedHint: 'botllm logs',
  engineStalled: (seconds: number) => `The engine made no progress for ${seconds} s while it was loading`,
  notReadyInTime: (seconds: number) => `The engine was not ready after ${Math.round(seconds)} s`,
  notReadyHint: 'botllm status, botllm logs',
  notRunning: 'No engine is running',
  notRunningHint: 'botllm up',
  noProc: 'What a process takes is read from /proc, which this system has not',
  noProcHint: (pid: number) => `ps -o %cpu,rss -p ${pid}`,
  noNpm: 'The llama.cpp binding is not installed, and npm was not found to install it',
  noNpmHint: 'install npm, or run `npm install node-llama-cpp` beside botllm',
  noPlatform: (platform: string) => `llama.cpp has no prebuilt binary for ${platform}`,
  noPlatformHint: 'use another engine: LLM_BASE_URL=http://… botllm try …',
  bindingFailed: 'The llama.cpp binding could not be installed',
  bindingHint: 'check the network or the npm registry settings, then: botllm up',
  noServer: 'No llama-server was found',
  noServerHint: 'put llama-server on PATH, or name it: LLAMA_SERVER_BIN=/path/to/llama-server botllm up',
  serverNotThere: (binary: string) =>
    `LLAMA_SERVER_BIN is "${binary}", which is no file that can be executed`,
  serverNotThereHint: 'LLAMA_SERVER_BIN=/path/to/llama-server, or leave it unset',
  serverDoesNotRun: (binary: string) => `${binary} does not run on this machine`,
  serverDoesNotRunHint: 'botllm up --engine embedded',
  nativeCannot: (option: string) => `A llama-server has no ${option}`,
  nativeCannotHint: (option: string) => `botllm up --engine embedded ${option} …`,
  notEnoughMemory: 'The model does not fit into memory',
  memorySum: sum,
  memoryHint: 'choose a smaller model (--model) or a smaller context (--context)',
  memoryAskedHint:
    'allow more (--memory), or choose a smaller model (--model) or a smaller context (--context)',
  serverNoMemory: 'There is not enough memory for the model',
  serverNoMemoryHint: 'botllm up with a smaller --context or --slots, or a smaller --model',
  serverRefusedModel: 'llama-server cannot load this model',
  noFirstToken: 'The engine loaded the model but could not make a token',
  noSuchQuant: (quant: string) => `llama.cpp has no quantisation called ${quant}`,
  quantHint: 'QUANTIZE=int4, int8, or a name of GGUF such as Q4_K_M; gptq and awq need another engine',
  downStubborn: 'The engine does not stop',
});

import { BotllmError, type ErrorCode } from '../../errors.js';
import { messages } from '../messages.js';

/**
 * Why a llama-server ended while it was starting. It says so in its log only, hence the words.
 * @param logged what it wrote since it was started
 */
export function failureOf(exit: string, logged: string, port: number): BotllmError {
  const lines = logged.split('\n').map((line) => line.trim());
  const find = (pattern: RegExp) => lines.find((line) => pattern.test(line));
  for (const { pattern, code, message, hint } of CAUSES) {
    const line = find(pattern);
    if (line) return new BotllmError(code, message(port), { detail: withoutPrefix(line), hint });
  }
  const error = find(/\bE (srv|slot|cmn)\b|^error/i);
  return new BotllmError('ENGINE_FAILED', messages.engineDied(exit), {
    detail: error === undefined ? undefined : withoutPrefix(error),
    hint: messages.engineDiedHint,
  });
}

interface Cause {
  pattern: RegExp;
  code: ErrorCode;
  message: (port: number) => string;
  hint: string;
}

const CAUSES: readonly Cause[] = [
  {
    pattern: /could(n't| not) bind|failed to bind|address already in use/i,
    code: 'PORT_TAKEN',
    message: messages.portTaken,
    hint: messages.engineDiedHint,
  },
  {
    pattern: /failed to allocate|out of memory|unable to allocate|cudaMalloc failed|bad_alloc/i,
    code: 'NOT_ENOUGH_MEMORY',
    message: () => messages.serverNoMemory,
    hint: messages.serverNoMemoryHint,
  },
  {
    pattern: /error loading model|failed to load model|unknown model architecture|invalid magic/i,
    code: 'MODEL_BROKEN',
    message: () => messages.serverRefusedModel,
    hint: messages.engineDiedHint,
  },
];

/** `0.00.003.927 E srv load_model: words` → the words after the clock, the level and the part. */
function withoutPrefix(line: string): string {
  return line.replace(/^[\d.]+ [A-Z] \w+\s+/, '').slice(0, 300);
}

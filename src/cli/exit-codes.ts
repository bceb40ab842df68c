import type { ErrorCode } from '../errors.js';

/** The exit codes that scripts rely on; nothing else is ever returned. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  notReady: 4,
  missingPrerequisite: 5,
  badConfig: 6,
  rateLimited: 7,
  gateFailed: 8,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const OF_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  DISABLED: EXIT.failed,
  TIMEOUT: EXIT.notReady,
  DEADLINE_EXCEEDED: EXIT.notReady,
  ABORTED: EXIT.interrupted,
  RATE_LIMIT_EXCEEDED: EXIT.rateLimited,
  OVERLOADED: EXIT.notReady,
  BREAKER_OPEN: EXIT.notReady,
  PROMPT_TOO_LONG: EXIT.usage,
  CONTEXT_EXCEEDED: EXIT.usage,
  ENGINE_UNREACHABLE: EXIT.notRunning,
  ENGINE_NOT_READY: EXIT.notReady,
  ENGINE_OVERLOADED: EXIT.notReady,
  ENGINE_ERROR: EXIT.failed,
  INVALID_REQUEST: EXIT.usage,
  UNAUTHORIZED: EXIT.badConfig,
  MODEL_NOT_SERVED: EXIT.missingPrerequisite,
  INVALID_RESPONSE: EXIT.failed,
  INCOMPLETE_RESPONSE: EXIT.failed,
  INVALID_ANSWER: EXIT.failed,
  CLIENT_CLOSED: EXIT.failed,
  STORE_UNAVAILABLE: EXIT.notRunning,
  USAGE: EXIT.usage,
  UNKNOWN_MODEL: EXIT.usage,
  ENGINE_NOT_RUNNING: EXIT.notRunning,
  NOT_READY: EXIT.notReady,
  PORT_TAKEN: EXIT.missingPrerequisite,
  NOT_ENOUGH_MEMORY: EXIT.missingPrerequisite,
  NOT_ENOUGH_DISK: EXIT.missingPrerequisite,
  MODEL_UNAVAILABLE: EXIT.missingPrerequisite,
  MODEL_BROKEN: EXIT.missingPrerequisite,
  HASH_MISMATCH: EXIT.failed,
  MISSING_PREREQUISITE: EXIT.missingPrerequisite,
  BAD_CONFIG: EXIT.badConfig,
  ENGINE_FAILED: EXIT.failed,
  INTERRUPTED: EXIT.interrupted,
  INTERNAL: EXIT.failed,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  return OF_ERROR[code];
}

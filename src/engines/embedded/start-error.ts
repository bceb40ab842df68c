import type { StartFailure } from './job.js';

/** Why the engine did not come up, in the shape that the launcher reads. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartFailure['code'];
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(
    code: StartFailure['code'],
    message: string,
    options: { detail?: string | undefined; hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.hint = options.hint;
  }
}

import { readFileSync, rmSync } from 'node:fs';
import { BotllmError, ERROR_CODES } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import * as z from '../../zod.js';

/** Why the last start of the service failed, for whoever waits for it and for `status`. */
const Failure = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  detail: z.optional(z.string()),
  hint: z.optional(z.string()),
});

export async function leaveFailure({ serviceFailure }: HomeLayout, error: BotllmError): Promise<void> {
  const { code, message, detail, hint } = error;
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(serviceFailure, `${JSON.stringify({ code, message, detail, hint })}\n`, {
    mode: 0o600,
  });
}

export function forgetFailure({ serviceFailure }: HomeLayout): void {
  rmSync(serviceFailure, { force: true });
}

/** Null: it left none. */
export function leftFailure({ serviceFailure }: HomeLayout): BotllmError | null {
  try {
    const { code, message, detail, hint } = Failure.parse(JSON.parse(readFileSync(serviceFailure, 'utf8')));
    return new BotllmError(code, message, { detail, hint });
  } catch {
    return null;
  }
}

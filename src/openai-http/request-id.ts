import { randomUUID } from 'node:crypto';

/** What a caller may choose: it goes into logs and headers, so it is short and plain. */
const ACCEPTED = /^[\w.:@-]{1,128}$/;

/** The caller's `X-Request-Id` where it is acceptable, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && ACCEPTED.test(header) ? header : randomUUID();
}

import { createHash } from 'node:crypto';

/** How a user appears in events: the first 16 hex digits of sha256 of his id. */
export function userHash(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 16);
}

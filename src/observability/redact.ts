import { createHmac, randomBytes } from 'node:crypto';

/** A chat id is a short number: without a salt its hash would be guessed in seconds. */
const SALT = randomBytes(16);

/**
 * How a user appears in events: 16 hex digits of a hash of his id with a salt that lives as long as the
 * process. The events of one process can be told apart by user; those of two processes cannot be joined.
 */
export function userHash(userId: string): string {
  return createHmac('sha256', SALT).update(userId).digest('hex').slice(0, 16);
}

import { hash, randomBytes } from 'node:crypto';

/** A chat id is a short number: without a salt its hash would be guessed in seconds. */
const SALT = randomBytes(16).toString('hex');

/**
 * How a user appears in events: 16 hex digits of a hash of his id with a salt that lives as long as the
 * process. The events of one process can be told apart by user; those of two processes cannot be joined.
 */
export function userHash(userId: string): string {
  return hash('sha256', `${SALT}${userId}`).slice(0, 16);
}

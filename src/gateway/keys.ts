import { createHash, timingSafeEqual } from 'node:crypto';
import { BotllmError } from '../errors.js';
import { WireError } from '../openai-http/wire-error.js';
import { isCallersKey, LEAST_KEY_CHARS } from '../settings/kinds.js';
import { LISTENING, MESSAGES } from './messages.js';

/** Refuses a request without one of the gateway's keys. @throws WireError 401 */
export type KeyCheck = (authorization: string | undefined) => void;

/**
 * Keys out of a text: one a line, or with commas between them; what stands behind a # at a line's start is a remark.
 * @throws BotllmError `BAD_CONFIG` for a key that could not stand in a header, or that is shorter than 8 characters
 */
export function readKeys(text: string, from: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#'));
  const keys = lines.flatMap((line) => line.split(',')).map((key) => key.trim());
  const given = keys.filter((key) => key !== '');
  // Which one is told by its place: a secret is not printed.
  const bad = given.findIndex((key) => !isCallersKey(key));
  if (bad >= 0) throw new BotllmError('BAD_CONFIG', LISTENING.badKey(from, bad + 1, LEAST_KEY_CHARS));
  return given;
}

/**
 * Compares by digests of one length, with each key and to its last byte: how long that takes says nothing about
 * how much of a key was right, or about which one.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  const known = keys.map(digest);
  return (authorization) => {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) throw unauthorized('missing_api_key', MESSAGES.missingKey);
    const presented = digest(given);
    let right = false;
    for (const key of known) right = timingSafeEqual(key, presented) || right;
    if (!right) throw unauthorized('invalid_api_key', MESSAGES.wrongKey);
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function unauthorized(code: string, message: string): WireError {
  return new WireError(401, 'authentication_error', message, {
    headers: { 'www-authenticate': 'Bearer' },
    extra: { code },
  });
}

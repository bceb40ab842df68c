import { normalUserId } from '../client/user-id.js';
import { BotllmError } from '../errors.js';
import { SETTINGS, type Settings } from '../settings/table.js';
import { namedLimitKey, parseLimitKey } from '../stores/keys.js';
import type { OptionSpec } from './define.js';
import { messages } from './messages.js';
import { parse } from './parse.js';

/** Calls that the settings allow a user in any 60 s; 0: as many as he likes. */
export function limitOf(settings: Settings): number {
  return settings.rateLimit ?? Number(SETTINGS.rateLimit.defaultText);
}

/** Null where nothing is limited. Others may count by a higher limit than ours. */
export function leftOf(limit: number, calls: number): number | null {
  return limit === 0 ? null : Math.max(0, limit - calls);
}

export const SCOPE_OPTION: OptionSpec = {
  flags: '--scope <name>',
  description: 'the bot or tenant that he is a user of (the one without a name)',
  parse: parse.name,
  values: 'scopes',
};

/** One user's log: its key, and scope and user as that has them. */
export interface UserLog {
  key: string;
  scope: string;
  user: string;
}

/**
 * The log of a user as an operator names him, found the way that the client finds it.
 * @throws BotllmError `INVALID_REQUEST` for an id that the client takes from nobody, `USAGE` for an empty one
 */
export function logOf(named: string, scope = '-'): UserLog {
  const id = normalUserId(named);
  if (id === undefined) throw new BotllmError('USAGE', messages.noUser, { hint: messages.noUserHint });
  const key = namedLimitKey(scope, id);
  return { key, scope, user: parseLimitKey(key)?.user ?? id };
}

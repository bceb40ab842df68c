import { BotllmError } from '../errors.js';
import { MESSAGES } from './messages.js';

/** What fills a template: `{{order_id}}` takes `order_id`, `{{user.name}}` also `{ user: { name } }`. */
export type TemplateVars = Readonly<Record<string, unknown>>;

/**
 * Looks variables up, and remembers which were not there.
 * @throws BotllmError `INVALID_REQUEST` for one that is neither text, number nor boolean
 */
export function variableReader(vars: TemplateVars): {
  value: (name: string) => string | undefined;
  missing: Set<string>;
} {
  const missing = new Set<string>();
  const value = (name: string) => {
    const found = own(vars, name) ?? name.split('.').reduce<unknown>(own, vars);
    if (found === undefined || found === null) {
      missing.add(name);
      return undefined;
    }
    if (!['string', 'number', 'bigint', 'boolean'].includes(typeof found)) {
      throw new BotllmError('INVALID_REQUEST', MESSAGES.badVariable(name));
    }
    return String(found);
  };
  return { value, missing };
}

/** Own properties only: `{{constructor}}` is no variable. */
function own(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined;
  return (from as Record<string, unknown>)[name];
}

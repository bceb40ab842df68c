/**
 * JSON with sorted keys: equal values give equal text, whatever order their keys were written in. What
 * JSON.stringify makes of a value (a date, a function) is what counts, because that is what is sent.
 *
 * Every call waits for this: what is in order already is left to JSON.stringify, and the text of what is frozen for
 * good (the schema of a prompt) is made once.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

/** Texts of objects in which nothing can change any more. */
const texts = new WeakMap<object, string>();

/** Undefined for what JSON leaves out. */
function textOf(value: unknown): string | undefined {
  if (value === null) return 'null';
  // NaN and Infinity would all become null, and meet under one key.
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isInOrder(value)) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = written(value);
  if (text !== undefined && isFixed(value)) texts.set(value, text);
  return text;
}

function written(value: object): string | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') return textOf(value.toJSON());
  if (Array.isArray(value)) return `[${Array.from(value, (item) => textOf(item) ?? 'null').join(',')}]`;
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = textOf((value as Record<string, unknown>)[key]);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

/** Plain data with its keys in order, which JSON.stringify writes as we would. What is frozen has its text already. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || Object.isFrozen(value) || 'toJSON' in value) return false;
  if (Array.isArray(value)) return value.every(isInOrder);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let last = '';
  for (const key of Object.keys(value)) {
    if (key < last || !isInOrder((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}

/** Frozen plain data, to the last: no accessor, no function, nothing with an inner life. */
function isFixed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  if (!Object.isFrozen(value)) return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (field) => 'value' in field && isFixed(field.value),
  );
}

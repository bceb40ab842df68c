/**
 * JSON with sorted keys: equal values give equal text, whatever order their keys were written in. What
 * JSON.stringify makes of a value (a date, a function) is what counts, because that is what is sent.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** A copy, because JSON.stringify is several times slower with a replacer, and every call waits for this. */
function sorted(value: unknown): unknown {
  // NaN and Infinity would all become null, and meet under one key.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return sorted(value.toJSON());
  if (Array.isArray(value)) return value.map(sorted);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const inner = sorted((value as Record<string, unknown>)[key]);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: inner, enumerable: true });
    else copy[key] = inner;
  }
  return copy;
}

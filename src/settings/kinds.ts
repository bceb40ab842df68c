import { parseDuration } from './duration.js';

/** How a setting's text becomes a value. `parse` gives undefined for what is out of range. */
export interface SettingKind<T> {
  parse(text: string): T | undefined;
  /** What a value may be, for messages and tables. */
  range: string;
  /** An address, which may carry a password that is never shown. */
  url?: true;
}

export const text: SettingKind<string> = {
  parse: (value) => value,
  range: 'text',
};

const VISIBLE = /^[\x21-\x7e]+$/;

/** What may stand in an HTTP header. */
export const token: SettingKind<string> = {
  parse: (value) => (VISIBLE.test(value) ? value : undefined),
  range: 'visible ASCII characters without spaces',
};

/** Characters that a key of the gateway has at the least. */
export const LEAST_KEY_CHARS = 8;

/** Whether callers of the gateway can be asked for it. */
export function isCallersKey(key: string): boolean {
  return key.length >= LEAST_KEY_CHARS && VISIBLE.test(key);
}

/** Keys with commas between them, as the gateway reads them. */
export const callersKeys: SettingKind<string> = {
  parse: (value) => (value.split(',').every((key) => key === '' || isCallersKey(key)) ? value : undefined),
  range: `keys, each at least ${LEAST_KEY_CHARS} visible ASCII characters`,
};

export const flag: SettingKind<boolean> = {
  parse: (value) =>
    /^(true|1|yes|on)$/i.test(value) ? true : /^(false|0|no|off)$/i.test(value) ? false : undefined,
  range: 'true or false',
};

export const count = (min: number, max: number): SettingKind<number> => ({
  parse: (value) => {
    const n = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return n >= min && n <= max ? n : undefined;
  },
  range: `a whole number from ${min} to ${max}`,
});

export const duration = (minMs: number, maxMs: number): SettingKind<number> => ({
  parse: (value) => {
    const ms = parseDuration(value);
    return ms !== null && ms >= minMs && ms <= maxMs ? ms : undefined;
  },
  range: `seconds, or 250ms, 30s, 2m; from ${minMs} ms to ${maxMs / 1000} s`,
});

export const httpUrl: SettingKind<string> = {
  parse: (value) => {
    if (!URL.canParse(value)) return undefined;
    return /^https?:$/.test(new URL(value).protocol) ? value : undefined;
  },
  range: 'an http:// or https:// address',
  url: true,
};

/** `none`, or the address of a Redis or of some nodes of a Redis cluster; the store reads it to the letter. */
export const redisUrl: SettingKind<string> = {
  parse: (value) => {
    if (/^none$/i.test(value)) return 'none';
    return /^rediss?:\/\/[^\s/]+(\/\d*)?$/i.test(value) ? value : undefined;
  },
  range: 'redis://[user:password@]host[:port][/db] or rediss://…, of a cluster with host,host,…, or none',
  url: true,
};

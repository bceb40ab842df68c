import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { parseSlo, type Slo } from '../bench/trace/slo.js';
import { ipAddress } from '../settings/container-kinds.js';
import { parseDuration } from '../settings/duration.js';
import { redisUrl } from '../settings/kinds.js';
import { benchMessages } from './bench-messages.js';
import { compareMessages } from './compare-messages.js';
import { messages } from './messages.js';

type Way = 'engine' | 'client' | 'gateway';

/** Parsers of option values; what they refuse is a usage error that names the option. */
export const parse = {
  port: wholeNumber(1, 65_535),
  /** 0: any that is free. */
  anyPort: wholeNumber(0, 65_535),
  count: (min: number, max: number) => wholeNumber(min, max),
  duration: (text: string): number => {
    const ms = parseDuration(text);
    if (ms === null || ms <= 0) throw new InvalidArgumentError(messages.use.duration);
    return ms;
  },
  milliseconds: (text: string): number => {
    const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
    if (ms <= 0) throw new InvalidArgumentError(benchMessages.milliseconds);
    return ms;
  },
  /** Whole numbers from 1, with commas between them. */
  counts: (text: string): number[] => {
    const numbers = text.split(',').map((one) => (/^\d+$/.test(one.trim()) ? Number(one) : 0));
    if (numbers.some((one) => one < 1 || one > 1024)) throw new InvalidArgumentError(benchMessages.counts);
    return numbers;
  },
  /** Requests a second, with commas between them. */
  rates: (text: string): number[] => {
    const numbers = text.split(',').map((one) => (/^\d+(\.\d+)?$/.test(one.trim()) ? Number(one) : 0));
    if (numbers.some((one) => one <= 0)) throw new InvalidArgumentError(benchMessages.rates);
    return numbers;
  },
  /** `10%` or `0.1`, up to 1000 %. */
  share: (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim());
    const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
    if (!(value >= 0 && value <= 10)) throw new InvalidArgumentError(compareMessages.useShare);
    return value;
  },
  /** `top_k=1,stop=null`, each value JSON where it is some, else text; or one JSON object. */
  fields: (text: string): Record<string, unknown> => {
    const fields = text.trim().startsWith('{') ? jsonOf(text) : pairsOf(text);
    if (typeof fields !== 'object' || fields === null || Object.keys(fields).length === 0)
      throw new InvalidArgumentError(benchMessages.fields);
    return { ...fields };
  },
  /** Times a second of `2/min`, `30/h`, `0.5/s`. */
  perTime: (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)\/(s|m|min|h)$/.exec(text.trim());
    const seconds = { s: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? ''] ?? 1;
    const perSecond = match ? Number(match[1]) / seconds : 0;
    if (perSecond <= 0) throw new InvalidArgumentError(benchMessages.perTime);
    return perSecond;
  },
  slo: (text: string): Slo => {
    const slo = parseSlo(text);
    if (slo === null) throw new InvalidArgumentError(benchMessages.slo);
    return slo;
  },
  ways: (text: string): Way[] => {
    const ways = text.split(',').map((one) => one.trim());
    const known = ways.filter((one) => one === 'engine' || one === 'client' || one === 'gateway');
    if (known.length < ways.length || known.length === 0) throw new InvalidArgumentError(benchMessages.ways);
    return [...new Set(known)];
  },
  /** A span before now, or a moment. */
  since: (text: string): Date => {
    const ms = parseDuration(text);
    const moment = ms === null ? new Date(text) : new Date(Date.now() - ms);
    if (Number.isNaN(moment.getTime())) throw new InvalidArgumentError(messages.use.since);
    return moment;
  },
  bytes: (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt])?i?b?$/i.exec(text.trim());
    const power = { k: 1, m: 2, g: 3, t: 4 }[(match?.[2] ?? '').toLowerCase()] ?? 0;
    const bytes = match ? Math.round(Number(match[1]) * 1024 ** power) : 0;
    if (bytes <= 0) throw new InvalidArgumentError(messages.use.bytes);
    return bytes;
  },
  list: (text: string): string[] => {
    const items = text.split(',').map((item) => item.trim());
    if (items.some((item) => item === '')) throw new InvalidArgumentError(messages.use.list);
    return items;
  },
  name: (text: string): string => {
    if (text.trim() === '') throw new InvalidArgumentError(messages.use.name);
    return text;
  },
  url: (text: string): string => {
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
      throw new InvalidArgumentError(messages.use.url);
    return text;
  },
  urls: (text: string): string[] => parse.list(text).map(parse.url),
  address: (text: string): string => {
    const address = ipAddress.parse(text);
    if (address === undefined) throw new InvalidArgumentError(messages.use.address);
    return address;
  },
  /** Networks in CIDR form, with commas between them; an address alone is a network of one. */
  networks: (text: string): string[] => {
    const nets = text.split(',').map((net) => net.trim());
    for (const net of nets) {
      const [address = '', bits, more] = net.split('/');
      const family = isIP(address);
      const isShort =
        bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
      // A zone, as in fe80::1%eth0, is no part of a network.
      if (family === 0 || net.includes('%') || !isShort || more !== undefined)
        throw new InvalidArgumentError(messages.use.networks);
    }
    return nets;
  },
  redis: (text: string): string => {
    const url = redisUrl.parse(text);
    if (url === undefined) throw new InvalidArgumentError(messages.use.redis);
    return url;
  },
} as const;

function pairsOf(text: string): Record<string, unknown> | undefined {
  const pairs = text.split(',').map((pair) => /^\s*([^=\s]+)=(.*)$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', text = ''] = pair ?? [];
      const value = jsonOf(text);
      return [name, value === undefined ? text : value];
    }),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(messages.use.wholeNumber(min, max));
    return value;
  };
}

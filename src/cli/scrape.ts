import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { type ClientFigures, clientFigures } from '../observability/client-figures.js';
import { type EngineFigures, engineFigures } from '../observability/engine-figures.js';
import { parseExposition, type Sample } from '../observability/exposition.js';
import { Samples } from '../observability/samples.js';
import { metricsMessages } from './metrics-messages.js';

/** What Ollama, which counts nothing, says of itself. */
export interface OllamaFigures {
  family: 'ollama';
  loaded: readonly { name: string; vramBytes?: number }[];
}

/** What one process tells. */
export interface Scraped {
  url: string;
  clients?: ClientFigures;
  engine?: EngineFigures | OllamaFigures;
}

/** A process that was asked, and its samples. */
export interface Scrape {
  scraped: Scraped;
  samples: readonly Sample[];
}

export interface ScrapeOptions {
  signal: AbortSignal;
  timeoutMs: number;
  /** For an engine that tells only those who have its key. */
  apiKey?: string | undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;
const ApiPs = z.object({
  models: z.array(z.object({ name: z.string(), size_vram: z.number().optional() })),
});

/**
 * Asks one process for its metrics; an address without a path means `/metrics`.
 * @throws BotllmError `ENGINE_UNREACHABLE` where nobody answers in time, `ENGINE_ERROR` where there are no metrics
 */
export async function scrape(address: string, options: ScrapeOptions): Promise<Scrape> {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/metrics';
  const { status, text } = await get(url, options);
  if (status === 404) {
    const ollama = await askOllama(url, options);
    if (ollama) return { scraped: { url: url.href, engine: ollama }, samples: [] };
  }
  if (status !== 200) throw noMetrics(url, metricsMessages.status(status));
  const samples = read(url, text);
  const looked = new Samples(samples);
  const [clients, engine] = [clientFigures(looked), engineFigures(looked)];
  return { scraped: { url: url.href, ...(clients && { clients }), ...(engine && { engine }) }, samples };
}

function read(url: URL, text: string): Sample[] {
  try {
    return parseExposition(text);
  } catch (cause) {
    throw noMetrics(url, cause instanceof Error ? cause.message : '', cause);
  }
}

async function askOllama(url: URL, options: ScrapeOptions): Promise<OllamaFigures | null> {
  const { status, text } = await get(new URL('/api/ps', url), options);
  if (status !== 200) return null;
  const parsed = ApiPs.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const loaded = parsed.data.models.map(({ name, size_vram }) => ({
    name,
    ...(size_vram !== undefined && { vramBytes: size_vram }),
  }));
  return { family: 'ollama', loaded };
}

async function get(url: URL, { signal, timeoutMs, apiKey }: ScrapeOptions) {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(url, {
      signal: bound,
      headers: { accept: 'text/plain;version=0.0.4', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
      // A key must not follow to another server.
      redirect: 'error',
    });
    return { status: response.status, text: await bodyOf(response, url) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BotllmError) throw cause;
    const why = bound.aborted ? metricsMessages.silent(timeoutMs) : reasonOf(cause);
    throw new BotllmError('ENGINE_UNREACHABLE', metricsMessages.nobody(url.href), { detail: why, cause });
  }
}

async function bodyOf(response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw noMetrics(url, metricsMessages.tooLarge(MAX_BYTES));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function noMetrics(url: URL, detail: string, cause?: unknown): BotllmError {
  return new BotllmError('ENGINE_ERROR', metricsMessages.noMetrics(url.href), { detail, cause });
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : String(cause);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

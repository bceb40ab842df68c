import { open, stat } from 'node:fs/promises';
import { containerLines } from '../engines/compose/container-lines.js';
import type { Source } from '../tui/collector.js';
import type { TopModel } from '../tui/model.js';
import type { Context } from './context.js';
import { logSource } from './log-source.js';

const LOG_BYTES = 64 * 1024;
const LOG_LINES = 500;
/** Of Docker: whoever takes longer shows nothing this time. */
const DOCKER_MS = 5_000;

/** The end of the engine's log, be it a file of this home or a container's; a file is read only when it changed. */
export function topLog(ctx: Context): Source['look'] {
  let read: { key: string; log: string[] } | undefined;
  return async (signal) => {
    const source = await logSource(ctx, 'llm').catch(() => undefined);
    if (!source) return { log: [] };
    if ('container' in source) return containerEnd(ctx, source.container, signal);
    const found = await stat(source.file).catch(() => undefined);
    const key = `${found?.ino} ${found?.size} ${found?.mtimeMs}`;
    if (read?.key !== key) read = { key, log: await fileEnd(source.file) };
    return { log: read.log, logOf: source.file };
  };
}

async function containerEnd(
  { childEnv }: Context,
  container: string,
  signal: AbortSignal,
): Promise<Partial<TopModel>> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(DOCKER_MS)]);
  const log: string[] = [];
  for await (const line of containerLines(container, { tail: LOG_LINES }, { env: childEnv, signal: bound }))
    log.push(line);
  return { log, logOf: container };
}

async function fileEnd(file: string): Promise<string[]> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - LOG_BYTES);
    const bytes = Buffer.alloc(size - from);
    await handle.read(bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8').split('\n');
    return lines
      .slice(from > 0 ? 1 : 0)
      .filter((line) => line !== '')
      .slice(-LOG_LINES);
  } finally {
    await handle.close();
  }
}

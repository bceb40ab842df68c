import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { freePort } from './cli.js';
import { eventually } from './eventually.js';

export interface Series {
  metric: Readonly<Record<string, string>>;
  value: number;
}

/** A real Prometheus. */
export interface Prometheus extends AsyncDisposable {
  query(expression: string): Promise<Series[]>;
  /** A path of its API, and the `data` that it answers. */
  get(path: string): Promise<unknown>;
}

export async function startPrometheus(config: object): Promise<Prometheus> {
  const folder = mkdtempSync(path.join(tmpdir(), 'botllm-prometheus-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(path.join(folder, 'prometheus.yml'), stringify(config));
  const child = execa(
    'prometheus',
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { reject: false, all: true },
  );
  const get = async (asked: string) => {
    const reply = (await (await fetch(`${url}${asked}`)).json()) as {
      status: string;
      error?: string;
      data: unknown;
    };
    if (reply.status !== 'success') throw new Error(reply.error);
    return reply.data;
  };
  const stop = async () => {
    child.kill();
    await child;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended: ${(await child).all}`);
      return fetch(`${url}/-/ready`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get,
    async query(expression) {
      const data = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] };
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    [Symbol.asyncDispose]: stop,
  };
}

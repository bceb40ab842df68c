import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../support/cli.js';

const File = z.object({ services: z.object({ llm: z.object({ entrypoint: z.array(z.string()) }) }) });

export interface EntryRun {
  exitCode: number | undefined;
  /** What it said, a line each, without the mark before it. */
  said: string[];
  /** What llama-server was started with; undefined: it was not started. */
  args: string[] | undefined;
  /** Names and values of what llama-server found in its environment. */
  env: Record<string, string>;
}

/** The entry of docker-compose.llm.yml outside a container, with a server that only tells what it was given. */
export class EntryScript {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'botllm-entry-'));
  readonly server = path.join(this.folder, 'llama-server');
  private readonly script: string;

  constructor() {
    const { services } = File.parse(
      parse(readFileSync(path.join(ROOT, 'docker-compose.llm.yml'), 'utf8'), { merge: true }),
    );
    const [, , text = ''] = services.llm.entrypoint;
    this.script = text
      .replaceAll('$$', '$')
      .replaceAll('/app/', `${this.folder}/`)
      .replaceAll('/dev/nvidiactl', `${this.folder}/nvidiactl`)
      .replaceAll('/proc/driver/nvidia/version', `${this.folder}/nvidia-version`);
    const tells = [
      '#!/bin/sh',
      `for word; do printf '%s\\0' "$word"; done >${this.folder}/args`,
      `/usr/bin/env -0 >${this.folder}/env`,
    ];
    writeFileSync(this.server, `${tells.join('\n')}\n`);
    chmodSync(this.server, 0o755);
  }

  /** As Compose starts it: every variable of the file is there, and may be empty. */
  async run(env: Record<string, string> = {}, more: readonly string[] = []): Promise<EntryRun> {
    for (const name of ['args', 'env']) writeFileSync(path.join(this.folder, name), '');
    const { exitCode, all } = await execa('/bin/sh', ['-c', this.script, 'botllm', ...more], {
      env: {
        MODEL_ID: 'microsoft/Phi-3-mini-4k-instruct',
        ...{ QUANTIZE: '', MAX_BATCH_TOTAL_TOKENS: '', HF_TOKEN: '', HF_ENDPOINT: '' },
        ...{ LLAMA_API_KEY: '', LLM_BIND: '127.0.0.1', LLAMA_ARG_THREADS: '' },
        ...env,
      },
      extendEnv: false,
      reject: false,
      all: true,
      timeout: 20_000,
    });
    const words = (name: string) =>
      readFileSync(path.join(this.folder, name), 'utf8').split('\0').slice(0, -1);
    const args = words('args');
    return {
      exitCode,
      said: all.split('\n').filter((line) => line !== ''),
      args: args.length === 0 ? undefined : args,
      env: Object.fromEntries(words('env').map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
    };
  }
}

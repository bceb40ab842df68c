import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { freePort } from './cli.js';
import { type ComposeFlavour, compose } from './compose-flavours.js';
import { DockerRun, docker, llamaImage, redisImage } from './docker.js';
import { eventually } from './eventually.js';
import { writeTinyGguf } from './tiny-gguf.js';

const Inspected = z.object({
  RestartCount: z.number(),
  State: z.object({
    Status: z.string(),
    Pid: z.number(),
    ExitCode: z.number(),
    Health: z.object({ Status: z.string() }).optional(),
  }),
  HostConfig: z.object({
    Memory: z.number(),
    ReadonlyRootfs: z.boolean(),
    CapDrop: z.array(z.string()),
    SecurityOpt: z.array(z.string()),
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
  }),
});

/** The guide's file with this run's names, and nothing else of ours. */
export class GuideStack implements AsyncDisposable {
  readonly run = new DockerRun();
  readonly folder = mkdtempSync(path.join(tmpdir(), 'botllm-weights-'));
  port = 0;
  redisPort = 0;
  private env: Record<string, string> = {};

  constructor(
    readonly flavour: ComposeFlavour,
    private readonly more: Record<string, string> = {},
  ) {}

  async prepare(): Promise<void> {
    writeTinyGguf(path.join(this.folder, 'tiny.gguf'), { context: 4096 });
    [this.port, this.redisPort] = [await freePort(), await freePort()];
    this.env = this.run.env({
      LLM_IMAGE: this.more.LLM_IMAGE ?? llamaImage(),
      REDIS_IMAGE: redisImage(),
      BOTLLM_PORT: String(this.port),
      REDIS_PORT: String(this.redisPort),
      LLM_WEIGHTS: this.folder,
      LLM_MEM_LIMIT: '512m',
      LLAMA_ARG_THREADS: '1',
      MODEL_ID: '/weights/tiny.gguf',
      QUANTIZE: 'int4',
      MAX_BATCH_TOTAL_TOKENS: '8192',
      ...this.more,
    });
  }

  /** Known only once it is prepared. */
  add(more: Record<string, string>): void {
    Object.assign(this.env, more);
  }

  compose(...args: string[]): Promise<string> {
    return this.composeWith({}, ...args);
  }

  /** The same with other variables. */
  composeWith(more: Record<string, string>, ...args: string[]): Promise<string> {
    return compose(this.flavour, { ...this.env, ...more }, ...args);
  }

  /** The guide's command at this run's port. */
  async shell(line: string): Promise<string> {
    return (await execa('sh', ['-c', line.replace(':11434', `:${this.port}`)], { timeout: 60_000 })).stdout;
  }

  async inspect(): Promise<z.infer<typeof Inspected>> {
    const { stdout } = await docker('container', 'inspect', this.run.llm);
    return z.tuple([Inspected]).parse(JSON.parse(stdout))[0];
  }

  healthy(): Promise<string> {
    return eventually(() => this.shell('curl -f http://localhost:11434/health').catch(() => undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { HomeLayout } from '../../settings/home.js';
import { isOwnAddress } from '../../settings/own-address.js';
import * as z from '../../zod.js';

/** As Docker names containers: nothing that its program could take for an option. */
const DockerName = z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/));

/**
 * What `up` chose when it started or adopted a container. Docker knows what runs; this says which container is
 * meant, and how it is made again. It holds no secret.
 */
export const ComposeChoice = z.object({
  schema: z.literal(1),
  engine: z.literal('compose'),
  family: z.enum(['llamacpp', 'vllm', 'ollama', 'tgi']),
  container: DockerName,
  project: DockerName,
  /** Compose files, the later over the earlier. */
  files: z.array(z.string()),
  /** What they are filled in with. */
  env: z.record(z.string(), z.string()),
  endpoint: z.string().check(z.regex(/^http:\/\/[\w.:[\]-]+$/), z.refine(isOwnAddress)),
  port: z.int(),
  /** The name that the engine is asked by. */
  model: z.string(),
  /** What the operator called it. */
  asked: z.optional(z.string()),
  quantize: z.optional(z.string()),
  context: z.optional(z.number()),
  slots: z.optional(z.number()),
  gpus: z.array(z.string()),
  /** Whether it already ran when `up` came. */
  adopted: z.boolean(),
  redis: z.nullable(
    z.object({ container: DockerName, url: z.string().check(z.refine(isOwnAddress)), started: z.boolean() }),
  ),
  startedAt: z.string(),
});
export type ComposeChoice = z.infer<typeof ComposeChoice>;

/** The weights that are mounted into the container, where they lie on this machine; it knows them by their place inside. */
export function mountedFile({ env }: Pick<ComposeChoice, 'env'>): string | undefined {
  const { MODEL_ID: id = '', LLM_WEIGHTS: folder } = env;
  return id.startsWith('/') && folder !== undefined ? path.join(folder, path.basename(id)) : undefined;
}

/** The recorded choice, or null when there is none or it cannot be read. */
export async function readChoice(layout: HomeLayout): Promise<ComposeChoice | null> {
  try {
    return ComposeChoice.parse(JSON.parse(readFileSync(layout.composeState, 'utf8')));
  } catch {
    return null;
  }
}

/** Records it for botllm, and beside it as the `.env` with which Compose alone does the same. */
export async function writeChoice(layout: HomeLayout, choice: ComposeChoice): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  mkdirSync(path.dirname(layout.composeState), { recursive: true });
  await writeFileAtomic(layout.composeState, `${JSON.stringify(choice, null, 2)}\n`, { mode: 0o600 });
  const { project, files, env } = choice;
  const all = { COMPOSE_PROJECT_NAME: project, COMPOSE_FILE: files.join(path.delimiter), ...env };
  const lines = Object.entries(all).map(([name, value]) => lineOf(name, value));
  const head = `# Written by botllm up: docker compose --env-file <this file> ps`;
  await writeFileAtomic(layout.composeEnv, `${[head, ...lines].join('\n')}\n`, { mode: 0o600 });
}

/** As both Composes read it: single quotes keep everything but themselves. */
function lineOf(name: string, value: string): string {
  if (/^[\w./:@%+,-]*$/.test(value)) return `${name}=${value}`;
  return value.includes("'") ? `# ${name} has a quote in it: set it in the shell` : `${name}='${value}'`;
}

export async function forgetChoice(layout: HomeLayout): Promise<void> {
  for (const file of [layout.composeState, layout.composeEnv]) rmSync(file, { force: true });
}

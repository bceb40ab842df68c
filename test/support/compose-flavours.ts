import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './cli.js';

/** The guide's file, as it stands at the top of the checkout. */
export const COMPOSE_FILE = 'docker-compose.llm.yml';

/**
 * Debian 12 has no plugin: `.ci/build-compose` makes one where Go is at hand, in a folder of its own, so that
 * Docker's settings on this machine stay as they are.
 */
const ENV = {
  PATH: process.env.PATH ?? '',
  HOME: homedir(),
  DOCKER_CONFIG: path.join(homedir(), '.cache', 'botllm-tests', 'docker-config'),
};

export interface ComposeFlavour {
  name: string;
  command: readonly [string, ...string[]];
}

/** Each way of calling Compose that this machine has: the plugin, of whatever version, and the old program. */
export const FLAVOURS: readonly ComposeFlavour[] = (
  [['docker', 'compose'], ['docker-compose']] as const
).flatMap((command) => {
  const [program, ...words] = command;
  try {
    const printed = execFileSync(program, [...words, 'version', '--short'], {
      env: ENV,
      stdio: 'pipe',
      encoding: 'utf8',
    });
    return /^v?\d/.test(printed) ? [{ name: `${command.join(' ')} ${printed.trim()}`, command }] : [];
  } catch {
    return [];
  }
});

/** Compose over the guide's file from the checkout, with these variables and no other of ours; fails as it fails. */
export async function compose(
  { command }: ComposeFlavour,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<string> {
  const [program, ...words] = command;
  const { stdout } = await execa(program, [...words, ...args], {
    cwd: ROOT,
    env: { ...ENV, ...env },
    extendEnv: false,
    timeout: 120_000,
  });
  return stdout;
}

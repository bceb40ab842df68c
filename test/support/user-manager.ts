import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { eventually } from './eventually.js';

const SCRIPT = path.join(import.meta.dirname, 'user-manager.sh');

/** A systemd of a user of its own, with its units in a folder of its own. `stop` it in the end: it ends them all. */
export class UserManager {
  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
    /** With these a command talks to it. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(folder: string): Promise<UserManager> {
    const name = `botllm-units-${randomUUID()}`;
    const env = { XDG_RUNTIME_DIR: path.join(folder, 'run'), XDG_CONFIG_HOME: path.join(folder, 'config') };
    await mkdir(env.XDG_RUNTIME_DIR, { recursive: true, mode: 0o700 });
    await mkdir(env.XDG_CONFIG_HOME, { recursive: true });
    const child = spawn(SCRIPT, [name], {
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const manager = new UserManager(child, name, env);
    try {
      await eventually(async () => {
        if (child.exitCode !== null) throw new Error(`systemd --user ended with ${child.exitCode}`);
        return (await manager.systemctl('show', '-p', 'Version')).exitCode === 0 ? true : undefined;
      });
    } catch (error) {
      await manager.stop();
      throw error;
    }
    return manager;
  }

  systemctl(...args: string[]) {
    return execa('systemctl', ['--user', ...args], {
      env: { PATH: process.env.PATH, ...this.env },
      extendEnv: false,
      reject: false,
    });
  }

  /** One property of a unit. */
  async show(unit: string, property: string): Promise<string> {
    const { stdout } = await this.systemctl('show', unit, '-p', property, '--value');
    return stdout;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await gone;
    }
    const groups = ['/sys/fs/cgroup', ...(await hierarchies())].map((one) => path.join(one, this.name));
    await execa('find', [...groups, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { reject: false });
  }
}

async function hierarchies(): Promise<string[]> {
  const { stdout } = await execa('find', [
    '/sys/fs/cgroup',
    '-maxdepth',
    '1',
    '-mindepth',
    '1',
    '-type',
    'd',
  ]);
  return stdout.split('\n');
}

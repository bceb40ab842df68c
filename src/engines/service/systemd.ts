import { userInfo } from 'node:os';
import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { Env } from '../../settings/read.js';
import type { RunTool, ToolRun } from '../compose/run-tool.js';
import type { ServiceLook, ServiceManager } from './manager.js';
import { serviceMessages } from './messages.js';
import { writtenFor } from './plan.js';
import { STOP_SECONDS, systemdUnit } from './systemd-unit.js';

const NAME = 'botllm.service';

/** The systemd of this user's own sessions. */
export function systemdManager(run: RunTool, env: Env, home: string): ServiceManager {
  const file = path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'systemd', 'user', NAME);
  const systemctl = (args: readonly string[], timeoutMs?: number) =>
    run('systemctl', ['--user', ...args], timeoutMs === undefined ? {} : { timeoutMs });
  const must = async (...args: string[]) => {
    const done = await systemctl(args, (STOP_SECONDS + 10) * 1_000);
    if (done.exitCode !== 0) throw refused(`systemctl --user ${args.join(' ')}`, done);
  };
  const look = async (): Promise<ServiceLook> => {
    const wanted = 'ActiveState,SubState,NRestarts,ExecMainStatus,ExecMainCode';
    const { stdout } = await systemctl(['show', NAME, '-p', wanted]);
    return lookOf(Object.fromEntries(stdout.split('\n').map((line) => split(line))));
  };
  return {
    ...{ kind: 'systemd', name: NAME, file, look },
    text: async (plan) => systemdUnit(plan, versionOf(await run('systemctl', ['--version']))),
    mark: (of) => `# ${writtenFor(of)}`,
    async require() {
      const answer = await systemctl(['show', '-p', 'Version']);
      if (answer.exitCode === 0) return;
      throw new BotllmError('MISSING_PREREQUISITE', serviceMessages.noSystemd, {
        detail: answer.missing ? serviceMessages.noSystemctl : answer.all.trim().split('\n')[0],
        hint: serviceMessages.noManagerHint,
      });
    },
    async start() {
      await must('daemon-reload');
      await systemctl(['reset-failed', NAME]);
      await must('enable', NAME);
      await must('restart', NAME);
    },
    async stop(waitMs) {
      const kill = setTimeout(() => void systemctl(['kill', '--signal=SIGKILL', NAME]), waitMs);
      try {
        await must('stop', NAME);
      } finally {
        clearTimeout(kill);
      }
    },
    disable: () => must('disable', NAME),
    async reload() {
      await must('daemon-reload');
      await systemctl(['reset-failed', NAME]);
    },
    async lingers() {
      const { exitCode, stdout } = await run('loginctl', ['show-user', userInfo().username, '-p', 'Linger']);
      return exitCode === 0 ? stdout.trim() === 'Linger=yes' : undefined;
    },
  };
}

function lookOf(unit: Record<string, string | undefined>): ServiceLook {
  const { ActiveState = '', SubState = '', NRestarts, ExecMainStatus, ExecMainCode } = unit;
  const states: Readonly<Record<string, ServiceLook['state']>> = {
    active: 'running',
    activating: SubState.startsWith('auto-restart') ? 'waiting' : 'starting',
    deactivating: 'stopping',
    failed: 'failed',
  };
  // CLD_EXITED of waitid(2); a signal's number is no exit code.
  const hasExited = ExecMainCode === '1';
  return {
    state: states[ActiveState] ?? 'stopped',
    ...(NRestarts ? { restarts: Number(NRestarts) } : {}),
    ...(hasExited && ExecMainStatus ? { exitCode: Number(ExecMainStatus) } : {}),
  };
}

function versionOf({ stdout }: ToolRun): number | undefined {
  const version = Number(/^systemd (\d+)/.exec(stdout)?.[1]);
  return Number.isNaN(version) ? undefined : version;
}

const split = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
};

function refused(command: string, { all }: ToolRun): BotllmError {
  return new BotllmError('ENGINE_FAILED', serviceMessages.refused(command), {
    detail: all.trim().split('\n').at(-1),
    hint: serviceMessages.refusedHint,
  });
}

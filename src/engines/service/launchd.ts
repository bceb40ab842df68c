import path from 'node:path';
import { BotllmError } from '../../errors.js';
import type { RunTool, ToolRun } from '../compose/run-tool.js';
import { launchdPlist, xml } from './launchd-plist.js';
import type { ServiceLook, ServiceManager } from './manager.js';
import { serviceMessages } from './messages.js';
import { writtenFor } from './plan.js';
import { STOP_SECONDS } from './systemd-unit.js';

const LABEL = 'botllm';

/** launchd's agents of this user's own session. @param log where the command's own words go */
export function launchdManager(run: RunTool, home: string, uid: number, log: string): ServiceManager {
  const file = path.join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const domain = `gui/${uid}`;
  const target = `${domain}/${LABEL}`;
  const launchctl = (...args: string[]) => run('launchctl', args, { timeoutMs: (STOP_SECONDS + 10) * 1_000 });
  const isLoaded = async () => (await launchctl('print', target)).exitCode === 0;
  const unload = async () => {
    if (!(await isLoaded())) return;
    const done = await launchctl('bootout', target);
    if (done.exitCode !== 0 && (await isLoaded())) throw refused(`launchctl bootout ${target}`, done);
  };
  return {
    ...{ kind: 'launchd', name: LABEL, file },
    text: async (plan) => launchdPlist(plan, LABEL, log),
    mark: (of) => `<string>${xml(writtenFor(of))}</string>`,
    async require() {
      const answer = await launchctl('print', domain);
      if (answer.exitCode === 0) return;
      throw new BotllmError('MISSING_PREREQUISITE', serviceMessages.noLaunchd, {
        detail: answer.all.trim().split('\n')[0],
        hint: serviceMessages.noManagerHint,
      });
    },
    async look() {
      const { exitCode, stdout } = await launchctl('print', target);
      return exitCode === 0 ? lookOf(stdout) : { state: 'stopped' };
    },
    async start() {
      // What is loaded keeps the file as it was read.
      await unload();
      const done = await launchctl('bootstrap', domain, file);
      if (done.exitCode !== 0) throw refused(`launchctl bootstrap ${domain} ${file}`, done);
    },
    async stop(waitMs) {
      const kill = setTimeout(() => void launchctl('kill', 'SIGKILL', target), waitMs);
      try {
        await unload();
      } finally {
        clearTimeout(kill);
      }
    },
    disable: unload,
    reload: async () => {},
    lingers: async () => undefined,
  };
}

/** `state = running`, `runs = 3`, `last exit code = 5` of `launchctl print`. */
function lookOf(print: string): ServiceLook {
  const field = (name: string) => new RegExp(`^\\s*${name} = (.+)$`, 'm').exec(print)?.[1]?.trim();
  const [runs, code] = [Number(field('runs')), Number(field('last exit code') ?? Number.NaN)];
  const hasEnded = Number.isInteger(code);
  const state = code === 0 ? 'stopped' : hasEnded ? 'waiting' : 'starting';
  return {
    state: field('state') === 'running' ? 'running' : state,
    ...(runs > 0 ? { restarts: runs - 1 } : {}),
    ...(hasEnded ? { exitCode: code } : {}),
  };
}

function refused(command: string, { all }: ToolRun): BotllmError {
  return new BotllmError('ENGINE_FAILED', serviceMessages.refused(command), {
    detail: all.trim().split('\n').at(-1),
    hint: serviceMessages.refusedHint,
  });
}

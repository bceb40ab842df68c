import { type ServicePlan, writtenFor } from './plan.js';

/** From this version on the pauses between restarts can grow (systemd.service(5), RestartSteps=). */
const GROWING_PAUSES = 254;
/** Longer than the engine may take to finish what is in flight. */
export const STOP_SECONDS = 25;

/**
 * A systemd user unit. `mixed`: only the command is asked to stop, and asks the engine itself; a second SIGTERM
 * would tell the engine to hurry. Exit 2 and 6 are mistakes that no restart mends; 143 is a stop while it loads.
 * @param version of systemd; unknown: what every version understands
 */
export function systemdUnit(plan: ServicePlan, version: number | undefined): string {
  const pauses =
    version !== undefined && version >= GROWING_PAUSES
      ? ['RestartSec=1s', 'RestartSteps=8', 'RestartMaxDelaySec=5min']
      : ['RestartSec=5s'];
  const limit =
    version !== undefined && version >= GROWING_PAUSES
      ? ['StartLimitIntervalSec=0']
      : ['StartLimitIntervalSec=15min', 'StartLimitBurst=90'];
  return `${[
    `# ${writtenFor(plan.home)}`,
    '[Unit]',
    `Description=botllm, a local language model`,
    ...limit,
    '',
    '[Service]',
    'Type=exec',
    `WorkingDirectory=-${percent(plan.home)}`,
    `ExecStart=${[...programOf(plan.program), ...plan.args.map(argument)].join(' ')}`,
    ...Object.entries(plan.env).map(([name, value]) => `Environment=${quoted(percent(`${name}=${value}`))}`),
    'Restart=on-failure',
    ...pauses,
    'RestartPreventExitStatus=2 6',
    'SuccessExitStatus=143',
    'KillMode=mixed',
    `TimeoutStopSec=${STOP_SECONDS}s`,
    'NoNewPrivileges=yes',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`;
}

/** systemd runs no program with a quote or a backslash in its path; `env` does. */
const programOf = (program: string) =>
  /["'\\]/.test(program) ? ['/usr/bin/env', argument(program)] : [quoted(percent(program))];
/** `%` begins a specifier everywhere. */
const percent = (text: string) => text.replaceAll('%', '%%');
/** systemd.syntax(7): C-style escapes in double quotes. */
const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
/** In an argument `$` begins a variable; not in the program's own path, nor in `Environment=`. */
const argument = (text: string) => quoted(percent(text).replaceAll('$', '$$$$'));

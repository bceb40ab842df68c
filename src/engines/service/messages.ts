import { inLanguage } from '../../language.js';

/** What the engine as a service says to people. */
export const serviceMessages = inLanguage('engines/service', {
  unwritable: 'A path or a variable holds a control character, which no unit can carry',
  noSystemd: 'No systemd of this user answers',
  noSystemctl: 'there is no systemctl',
  noLaunchd: 'No launchd of this user answers',
  noManager: (platform: string) => `botllm knows no service manager on ${platform}`,
  noManagerHint: 'botllm up --service --dry-run prints the unit; botllm up starts the engine without one',
  refused: (command: string) => `${command} failed`,
  refusedHint: 'systemctl --user status botllm; botllm up starts the engine without a service',
  notOurs: (file: string) => `${file} is there already, and is not of this home`,
  notOursHint: 'remove it, or use the home that it names: BOTLLM_HOME=… botllm down --service',
  ended: (code: number | undefined) =>
    `The service ended before the engine was ready${code === undefined ? '' : ` (exit code ${code})`}`,
  endedHint: 'botllm logs',

  notInstalled: 'none is installed; botllm up --service installs one',
  runs: (name: string, restarts: number) =>
    `${name} runs${restarts > 0 ? `; it was restarted ${restarts} times` : ''}`,
  endsWithSession: (name: string) => `${name} runs, and ends with the last session of this user`,
  isStopped: (name: string) => `${name} is installed and stopped`,
  fails: (name: string, why: string | undefined) => `${name} fails${why === undefined ? '' : `: ${why}`}`,
});

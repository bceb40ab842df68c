/** What the engine as a service says to people. */
export const serviceMessages = {
  /** Part of every unit: it tells for which home a file was written, so it is the same in every language. */
  writtenFor: (home: string) =>
    `Written by botllm up --service for ${home}; botllm down --service removes it.`,
  description: 'botllm, a local language model',
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
} as const;

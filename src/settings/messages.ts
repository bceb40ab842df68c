/** What this room says to people. */
export const messages = {
  badValue: (name: string, shown: string, range: string) => `${name} is ${shown}, which is not ${range}`,
  badValueHint: (name: string, defaultText: string) => `${name}=… (default: ${defaultText})`,
  noHome: (home: string) => `The home folder ${home} cannot be made or written`,
  noHomeHint: 'BOTLLM_HOME=… with a folder that you may write',
  hidden: '(hidden)',
} as const;

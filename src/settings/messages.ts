/** What this room says to people. */
export const messages = {
  badValue: (name: string, shown: string, range: string) => `${name} is ${shown}, which is not ${range}`,
  badValueHint: (name: string, defaultText: string) => `${name}=… (default: ${defaultText})`,
  hidden: '(hidden)',
} as const;

import { inLanguage } from '../language.js';

/** `1 user`, `2 users` */
const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Every sentence of the screens. */
export const tuiMessages = inLanguage('tui', {
  views: {
    overview: 'Overview',
    requests: 'Requests',
    logs: 'Logs',
    cache: 'Cache & limits',
    models: 'Models',
    bench: 'Bench',
  },
  condition: {
    ready: 'ready',
    loading: 'loading',
    stopping: 'stopping',
    unhealthy: 'not answering',
    stopped: 'not running',
  },
  noEngine: 'no engine is running; next: botllm up',
  noMetrics: 'no counters: nothing answers at the addresses of --metrics-url (botllm serve has one)',
  metricsDown: (urls: string) => `does not answer: ${urls}`,
  noCalls: 'no calls in the event log',
  noLog: 'no log of an engine: neither a process of this home nor a container has one',
  noStoreYet: 'the store was not looked at yet',
  fault: (part: string, why: string) => `${part}: ${why}`,
  tooSmall: (columns: number, rows: number) => `botllm top needs ${columns} × ${rows}`,
  readOnly: 'read-only',
  paused: 'paused',
  filter: (text: string) => `filter: ${text}`,
  clearQuestion: (what: string) => `Remove the cached answers of ${what}? [y/N]`,
  resetQuestion: (user: string) => `Forget the calls of ${user}? [y/N]`,
  cleared: (count: number) => `removed ${counted(count, 'cached answer')}`,
  reset: (user: string) => `forgot the calls of ${user}`,
  failed: (why: string) => `that failed: ${why}`,
  refused: 'read-only: nothing is changed',
  nothingChosen: 'nothing is chosen',
  more: (count: number) => `${count} more`,
  calls: (count: number) => `in all ${counted(count, 'call')}`,
  tokens: (input: number, output: number) => `tokens ${input} in, ${output} out`,
  slots: (busy: number, slots: number | undefined, waiting: number) =>
    `engine   ${busy} of ${slots ?? '?'} slots busy, ${waiting} waiting`,
  store: (kind: string, answers: number, size: string | undefined, users: number) =>
    `store    ${kind}   ${counted(answers, 'answer')}${size === undefined ? '' : `   ${size}`}   ${counted(users, 'user')} in the last minute`,
  answers: (count: number) => counted(count, 'answer'),
  callsUnlimited: (count: number) => `${counted(count, 'call')}, not limited`,
  callsOf: (count: number, limit: number) =>
    `${count} of ${counted(limit, 'call')}${count >= limit ? ', limited' : ''}`,
  ago: (span: string) => `${span} ago`,
  kept: (answers: number, users: number) =>
    `${counted(answers, 'cached answer')}, ${counted(users, 'user')} in the last minute`,
  lastMinute: 'last minute',
  secondsSeen: (seconds: number) => `last ${seconds} s`,
  keysTitle: 'Keys',
  noReports: 'no report of a bench in this home; next: botllm bench',
  olderReports: 'older reports',
  report: (id: string) => `report ${id}`,
  interrupted: 'interrupted',
  measuring: (model: string, at: number, of: number) => `measuring ${model}${of > 1 ? ` (${at}/${of})` : ''}`,
  since: (span: string) => `for ${span}`,
  benchHead: ['model', 'load', 'TTFT', 'TPOT', 'tok/s', 'all tok/s', 'errors', 'flags'],
  container: (name: string, status: string, restarts: number) =>
    `container   ${name}   ${status}   ${counted(restarts, 'restart')}`,
});

import { inLanguage } from '../language.js';
import { prettySize } from '../size.js';

/** Shares are of 1. */
interface TrialWords {
  users: number;
  mean: number;
  low: number;
  high: number;
  times: number;
  verdict: string;
}

const people = (users: number) => (users === 1 ? '1 user' : `${users} users`);
const percent = (share: number) => (share * 100).toFixed(1);

/** What the commands that measure say to people. */
export const benchMessages = inLanguage('cli/bench', {
  selfTesting: 'measuring an engine whose truth is known',
  selfTestTruth: ({ ttftMs, itlMs, tokens }: { ttftMs: number; itlMs: number; tokens: number }) =>
    `truth: first token at ${ttftMs} ms, then one each ${itlMs} ms, ${tokens} tokens; errors in ms, measured minus truth`,
  selfTestHead: [
    'at once',
    'requests',
    'TTFT mean',
    'p95',
    'own mean',
    'own p95',
    'engine late',
    'TPOT',
    'decode',
  ],
  selfTestParts:
    "TTFT: against the schedule. own: the instrument's part of it (way there and back). engine late: the synthetic engine's.",
  selfTestCost: (startUpMs: number, peakBytes: number) =>
    `the measuring process started in ${(startUpMs / 1000).toFixed(2)} s and held at most ${prettySize(peakBytes)}`,
  measuring: (model: string, level: string) => `measuring ${model}, ${level}`,
  openLevel: (perSecond: number) => `${perSecond} requests/s`,
  replay: 'recorded users',
  noEngine: (state: string) => `There is no model to measure: the engine is ${state}`,
  noModelName: 'Nobody says what the model is called',
  noModelNameHint: 'LLM_MODEL=<name> botllm bench',
  twoLoads: '--concurrency and --request-rate are two kinds of load',
  twoLoadsHint: 'one botllm bench for each of them',
  maxRunsAlone: '--max-runs says when to stop looking for an exact figure, and none was asked for',
  maxRunsAloneHint: 'botllm bench --ci-target 5% --max-runs 20',
  turnsAreCounted: '--interleave halves a number of runs, and --ci-target leaves it open',
  turnsAreCountedHint: 'botllm bench --interleave --runs 10',
  regressionAlone: '--max-regression needs a report to compare with',
  regressionAloneHint: 'botllm bench --baseline before.json --max-regression 10%',
  notAppended: (file: string) => `News cannot be written to ${file}`,
  notAppendedHint: 'botllm bench --emit-progress news.jsonl',
  dryServed: 'measured where it is served',
  dryOwn: 'served on a port of its own',
  dryMissing: 'fetched first',
  dryTooBig: (why: string) => `left out: ${why}`,
  dryHead: ['model', 'how'],
  dryLevels: (levels: readonly string[]) => `loads: ${levels.join('; ')}`,
  dryWork: (requests: number, tokens: number | undefined) =>
    tokens === undefined
      ? `${requests} measured requests`
      : `${requests} measured requests, at most ${tokens} tokens of answers`,
  engineAlone:
    '--extra-body and --exact-tg are of plain requests; client and gateway send what a bot would send',
  engineAloneHint: 'botllm bench --via engine',
  syntheticAlone:
    "--exact-tg and --prefix-cache are of the synthetic workload; the product's prompts are as they are",
  syntheticAloneHint: 'botllm bench --workload synthetic',
  trying: (model: string) => `trying what ${model} understands`,
  notExact: (model: string, wanted: number, got: number) =>
    `${model} wrote ${got} of ${wanted} tokens, whatever it was told: its answers cannot be made of one length`,
  notExactHint: 'botllm bench without --exact-tg: short answers are counted and flagged',
  botIsAsItIs: "--pp, --tg and --text are of the synthetic workload; the product's prompts are as they are",
  botIsAsItIsHint: 'botllm bench --workload synthetic --pp 512',
  reportWritten: (file: string) => `wrote ${file}`,
  detailNeedsPlace: '--save-detailed keeps requests beside a report, and none is written',
  detailNeedsPlaceHint: 'botllm bench --save-detailed -o report.json',
  analysed: (requests: number, file: string) => `made again from the ${requests} requests of ${file}`,
  sameFigures: 'The figures are those of the report.',
  otherFigures: (version: string) => `Other figures than the report has, which botllm ${version} made.`,
  explainHead: ['model, load', 'tool', 'TTFT ms', 'ITL ms', 'TPOT ms'],
  explainNote:
    'The same answers by the formulas of other tools, means over the requests; a dash: it has no such figure.',
  climbing: (atOnce: number) => `measuring answers per second with ${atOnce} at once`,
  probing: (users: number) => `measuring with ${people(users)}`,
  carried: 'carried',
  notCarried: 'too many',
  inTime: (good: number, attempted: number) => `${good} of ${attempted}`,
  capacityHead: ['users', 'requests/s', 'in time', ''],
  capacitySlo: 'The limit of a capacity is one of the whole answer, e2el',
  analysedHead: ['load', 'in time', 'E2E p50 ms', 'p95', 'max'],
  atOnce: (n: number) => `${n} at once`,
  withUsers: (users: number) => people(users),
  explainsReports: '--explain is of a report: a capacity has no figures that other tools have',
  otherCapacity: 'Other figures than were found then.',
  notSearched: 'For this limit no number of users was searched: these are those that were sent.',
  capacity: (n: {
    users: number;
    tooMany: number | undefined;
    perSecond: number;
    e2eMs: number;
    share: number;
  }) => {
    const what = `${Math.round(n.share * 100)} % of the answers within ${n.e2eMs} ms`;
    if (n.users === 0) return `not even one user is carried with ${what}`;
    const upper = n.tooMany === undefined ? 'no upper limit was found' : `${n.tooMany} were too many`;
    return `${n.users === 1 ? '1 user is' : `${n.users} users are`} carried with ${what} (${n.perSecond.toFixed(2)} requests/s); ${upper}`;
  },
  limit: {
    alone: 'limited by: one answer alone takes longer than the limit',
    refusals: 'limited by: the engine refuses or drops requests',
    throughput:
      'limited by: the speed of the engine; requests wait while it is busy, and more slots would bring nothing',
    slots: 'limited by: slots; requests wait for one while the engine could do more at once',
    sharing: 'limited by: requests in one batch slow each other down',
    client: 'limited by: this machine; the measuring process itself was late',
  },
  capacityAlone: (ms: number, slots: number, top: number) =>
    `one answer alone takes ${ms.toFixed(0)} ms; ${slots} at once; at most ${top.toFixed(2)} answers/s`,
  verifying: ({ users, at, of }: { users: number; at: number; of: number }) =>
    `checking with ${people(users)} (${at} of ${of})`,
  trial: ({ users, mean, low, high, times, verdict }: TrialWords) =>
    `checked with ${people(users)}: ${percent(mean)} % [${percent(low)}–${percent(high)}] of the answers in time, ${times === 1 ? 'once' : `${times} times`}: ${verdict}`,
  verdicts: { kept: 'kept', missed: 'missed', unclear: 'unclear' },
  held: 'the figure stands: so many are carried, and a fifth more are not',
  notHeld: 'the figure does not stand: measure again with a quieter machine or more --requests',
  gatewayFails: (said: string) => `The gateway that was to be measured did not start: ${said}`,
  gatewayFailsHint: 'botllm serve --port 0',
  gatewayElsewhere: '--gateway-url is of a gateway before the served model, and others are measured too',
  gatewayElsewhereHint: 'botllm bench --via gateway starts one before each model',
  perTime: 'Use requests in a time such as 2/min, 30/h or 0.5/s.',
  slo: 'Use limits in milliseconds such as e2el:5000 or ttft:1000,tpot:50.',
  fields: 'Use fields such as top_k=1,top_p=0.9, or a JSON object.',
  counts: 'Use whole numbers such as 1,2,4,8.',
  rates: 'Use requests a second such as 0.5,1,2.',
  ways: 'Use engine, client and gateway, with commas between them.',
  milliseconds: 'Use milliseconds such as 2 or 0.5.',
});

import { BotllmError } from '../errors.js';
import type { GateFailure } from '../eval/gate.js';
import type { Difference } from '../eval/resume.js';
import { TASKS } from '../eval/set/cases.js';
import { inLanguage } from '../language.js';

/** What `eval` says. */
export const evalMessages = inLanguage('cli/eval', {
  badThreshold: `a share from 0 to 1, or ${TASKS.join('|')}:share, several with commas: intent:0.7,improve:0.9`,
  badWay: (word: string, known: readonly string[]) =>
    `${word} is no way of asking; there are ${known.join(', ')}, or all`,
  badData: (known: readonly string[]) => `a format and a place: ${known.join(', ')}`,
  onlyIntents: () =>
    new BotllmError('USAGE', 'an imported set has only intents', {
      detail: '--data goes with the task intent',
      hint: 'botllm eval intent --data jsonl:mine.jsonl',
    }),
  modelsAndModel: () =>
    new BotllmError('USAGE', '--model and --models were given', { hint: 'botllm eval --models a,b' }),
  notMeasured: (model: string) => `${model} could not be measured`,
  starting: (model: string, at: number, of: number) => `model ${at} of ${of}: ${model}`,
  unknownTask: (word: string) =>
    new BotllmError('USAGE', `eval knows no task ${word}`, {
      detail: `there are ${TASKS.join(', ')}; without one all but hostile`,
      hint: 'botllm eval intent',
    }),
  progress: (done: number, planned: number) => `${done} of ${planned}`,
  interrupted: 'interrupted: what follows is of the answers that were had',
  goOn: (file: string) => `${file} keeps them; the same command with --resume asks the others`,
  partial: '  (ended early)',
  endedEarly: (row: string, answered: number, planned: number, code: string | undefined) =>
    `${row} ended early${code === undefined ? '' : ` (${code})`}: ${answered} of ${planned} questions were answered${answered === 0 ? '' : ', and its figures are of these alone'}`,
  belowGate: (failures: readonly GateFailure[]) =>
    new BotllmError('INVALID_ANSWER', 'below the threshold', {
      detail: failures
        .map(
          ({ model, way, task, least, got }) =>
            `${model} / ${way}: ${task} ${got?.toFixed(3) ?? 'not asked'} < ${least}`,
        )
        .join('; '),
      hint: 'botllm eval --json lists every answer',
    }),
  context: (tokens: number) => `context ${tokens}`,
  slots: (count: number) => (count === 1 ? '1 slot' : `${count} slots`),
  setLine: (name: string, licence: string, labels: number, seed: number) =>
    `set ${name} (${licence}), ${labels} labels and unknown, seed ${seed}, temperature 0`,
  title: {
    intent: 'intent: which of the labels a message carries',
    validate: 'validate: is an input what was asked for (by model: where no format settles it)',
    menu: 'menu: form only, there is no one right menu',
    improve: 'improve: what a better wording does to placeholders',
    hostile: 'hostile: attacks; contained is promised, success of an attack is only reported',
  },
  resumeNeedsFile: () =>
    new BotllmError('USAGE', '--resume goes on with a report, and none is named', {
      hint: 'botllm eval -o report.json --resume',
    }),
  noEarlier: (file: string, why: string) =>
    new BotllmError('USAGE', `${file} is no report of eval that could be gone on with`, {
      detail: why,
      hint: 'botllm eval -o another.json',
    }),
  nothingToResume: (file: string) => `${file} is not there yet: every question is asked`,
  resuming: (file: string, answers: number) =>
    `going on with ${file}: ${answers} ${answers === 1 ? 'answer is' : 'answers are'} there`,
  notTheSame: (what: string, differences: readonly Difference[]) =>
    new BotllmError('USAGE', `${what}: the answers of then and of now could not stand in one row`, {
      detail: differences
        .map(({ what: name, was, is }) => `${name}: ${was ?? '-'} then, ${is ?? '-'} now`)
        .join('; '),
      hint: 'botllm eval -o another.json',
    }),
  wouldLose: (file: string, answers: number) =>
    new BotllmError('USAGE', `${file} has ${answers} answers to questions that are not asked now`, {
      detail: 'the task, --limit and --data have to hold what they held then',
      hint: 'botllm eval -o another.json',
    }),
});

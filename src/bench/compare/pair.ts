import { BotllmError } from '../../errors.js';
import { levelName } from '../report/level-name.js';
import type { BenchReport, Target } from '../report/schema.js';
import type { Result } from '../report/schema-result.js';
import { messages } from './messages.js';

/** One model at one load level, in both reports. */
export interface Pair {
  target: string;
  level: string;
  before: Result;
  after: Result;
}

export interface Pairing {
  pairs: Pair[];
  /** What is in both reports, or in one alone, and cannot be compared: why. */
  left: string[];
  /** What differs and may be the very thing that is compared. */
  notes: string[];
}

/** Lengths of prompts and answers that differ by more are other work. */
const SAME_LENGTH = 0.1;

/**
 * Finds what two reports have in common. The machine must be the same: a figure of another one says nothing
 * of what changed. So must the weights of a model; its engine may differ, as that may be what is compared.
 * @throws BotllmError `USAGE` when nothing can be compared, with every reason
 */
export function pairUp(before: BenchReport, after: BenchReport): Pairing {
  const machine = otherMachine(before, after);
  if (machine.length > 0) throw notComparable(machine);
  const found: Pairing = { pairs: [], left: [], notes: [] };
  for (const target of before.targets) {
    const other = after.targets.find(({ id }) => id === target.id);
    if (!other) found.left.push(messages.onlyIn('before', target.id));
    else pairTargets(target, other, found);
  }
  for (const { id } of after.targets) {
    if (!before.targets.some((target) => target.id === id)) found.left.push(messages.onlyIn('after', id));
  }
  if (found.pairs.length === 0) throw notComparable(found.left);
  return found;
}

function notComparable(reasons: readonly string[]): BotllmError {
  return new BotllmError('USAGE', messages.notComparable, {
    detail: reasons.join('; '),
    hint: messages.notComparableHint,
  });
}

function otherMachine({ client: a }: BenchReport, { client: b }: BenchReport): string[] {
  const facts = [
    ['processor', a.cpu, b.cpu],
    ['cores', a.cores, b.cores],
    ['system', systemOf(a.os), systemOf(b.os)],
  ] as const;
  return facts
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => messages.machine(what, String(one), String(other)));
}

/** `linux` of `linux 6.1 x64`: a kernel may be newer on the same machine. */
const systemOf = (os: string) => os.split(/\s/)[0] ?? os;

function pairTargets(before: Target, after: Target, found: Pairing): void {
  const differences = otherModel(before, after);
  if (differences.length > 0) {
    found.left.push(...differences);
    return;
  }
  const engines = [before, after].map(({ engine, engine_version: version }) =>
    `${engine} ${version ?? ''}`.trim(),
  );
  const [one = '', other = ''] = engines;
  if (one !== other) found.notes.push(messages.engineNote(before.id, one, other));
  const levels = new Map(after.results.map((result) => [levelName(result), result]));
  for (const result of before.results) {
    const level = levelName(result);
    const twin = levels.get(level);
    levels.delete(level);
    const what = `${before.id}, ${level}`;
    const why = twin ? otherWork(what, result, twin) : messages.onlyIn('before', what);
    if (!twin || why !== undefined) found.left.push(why ?? what);
    else {
      found.pairs.push({ target: before.id, level, before: result, after: twin });
      found.notes.push(...flagNotes(what, result, twin));
    }
  }
  for (const level of levels.keys()) found.left.push(messages.onlyIn('after', `${before.id}, ${level}`));
}

function otherModel(before: Target, after: Target): string[] {
  const facts = [
    ['model', before.model, after.model],
    ['file of weights', short(before.weights_sha256), short(after.weights_sha256)],
    ['quantisation', before.quant, after.quant],
    ['kind of weights', weightsOf(before), weightsOf(after)],
    ['device', before.hw.device, after.hw.device],
    ['GPU', before.hw.gpu.join(' + ') || undefined, after.hw.gpu.join(' + ') || undefined],
  ] as const;
  return facts.flatMap(([what, one, other]) =>
    // What one of the reports does not know is no difference.
    one === undefined || other === undefined || one === other
      ? []
      : [messages.otherWhat(before.id, what, one, other)],
  );
}

const short = (sha256: string | undefined) => sha256?.slice(0, 12);
const weightsOf = ({ random_weights: random }: Target) => (random ? 'random' : 'trained');

function otherWork(what: string, before: Result, after: Result): string | undefined {
  const differ = (a: number | undefined, b: number | undefined): a is number =>
    a !== undefined && b !== undefined && Math.abs(b - a) > SAME_LENGTH * a;
  const [prompt, answer] = [before.tokens.prompt_mean, before.tokens.out_mean];
  if (differ(prompt, after.tokens.prompt_mean)) {
    return messages.otherPrompts(what, prompt, after.tokens.prompt_mean ?? 0);
  }
  if (differ(answer, after.tokens.out_mean)) {
    return messages.otherAnswers(what, answer, after.tokens.out_mean ?? 0);
  }
  return undefined;
}

function flagNotes(what: string, before: Result, after: Result): string[] {
  const errors =
    before.errors.total === after.errors.total
      ? []
      : [messages.errorsNote(what, before.errors.total, after.errors.total)];
  const flags = (['before', 'after'] as const).flatMap((side) =>
    (side === 'before' ? before : after).flags
      .filter((flag) => flag === 'drift' || flag === 'client_limited' || flag === 'cache_hit')
      .map((flag) => messages.flagNote(what, side, flag)),
  );
  return [...errors, ...flags];
}

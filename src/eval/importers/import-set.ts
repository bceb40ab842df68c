import path from 'node:path';
import { seeded } from '../../bench/statistics/random.js';
import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import { MESSAGES } from '../messages.js';
import type { IntentCase, QualitySet, SolvedExample } from '../set/cases.js';
import { hashOf } from '../set/own-set.js';
import { shuffled } from '../set/random.js';
import { banking77 } from './banking77.js';
import { clinc150 } from './clinc150.js';
import type { Importer, Utterance } from './contract.js';
import { jsonl } from './jsonl.js';
import { massive } from './massive.js';
import { unreadable } from './read-file.js';
import { snips } from './snips.js';

export const IMPORTERS: readonly Importer[] = [massive, banking77, clinc150, snips, jsonl];

/** Sixty labels make a prompt that no small model reads to its end. */
export const DEFAULT_LABELS = 12;
/** As in our own set: a fifth of the messages is out of scope. */
const OUT_OF_SCOPE = 0.2;
const MAX_CHARS = 2_000;

export interface ImportOptions {
  /** So many labels, drawn by the seed. */
  labels?: number | undefined;
  seed: number;
}

/**
 * A public set as one of ours. Messages of labels that were not drawn stand for what is out of scope where the set
 * has none of its own; one message a label is held back as a solved example.
 * @throws BotllmError `USAGE` for a file that cannot be read, or has fewer than two labels
 */
export async function importSet(
  importer: Importer,
  place: string,
  options: ImportOptions,
): Promise<QualitySet> {
  const { labels: wanted = DEFAULT_LABELS, seed } = options;
  const random = seeded(seed);
  const utterances = shuffled(
    (await importer.read(place)).filter(({ text }) => text.length <= MAX_CHARS),
    random,
  );
  const byLabel = new Map<string | null, Utterance[]>();
  for (const one of utterances.map(withName))
    byLabel.set(one.label, [...(byLabel.get(one.label) ?? []), one]);
  const outside = byLabel.get(null) ?? [];
  byLabel.delete(null);
  // One is shown, one is asked.
  const names = [...byLabel.keys()]
    .filter((name) => name !== null && (byLabel.get(name)?.length ?? 0) > 1)
    .sort();
  if (names.length < 2) throw unreadable(place, new Error(MESSAGES.fewLabels));
  const order = shuffled(names, random);
  const drawn = order.slice(0, wanted).sort();
  const examples: SolvedExample[] = [];
  const inside = drawn.flatMap((name) => {
    const [shown, ...asked] = byLabel.get(name) ?? [];
    if (shown) examples.push({ text: shown.text, label: String(name) });
    return asked;
  });
  const others =
    outside.length > 0 ? outside : order.slice(wanted).flatMap((name) => byLabel.get(name) ?? []);
  const share = Math.round((inside.length * OUT_OF_SCOPE) / (1 - OUT_OF_SCOPE));
  const [foreign, ...rest] = others;
  if (foreign) examples.push({ text: foreign.text, label: UNKNOWN_INTENT });
  const cases = [...inside, ...rest.slice(0, share).map((one) => ({ ...one, label: null }))].map(
    ({ text, label, lang }, at): IntentCase => ({
      task: 'intent',
      id: `${importer.kind}-${at + 1}`,
      ...(lang === undefined ? {} : { lang }),
      text,
      expected: label ?? UNKNOWN_INTENT,
    }),
  );
  return {
    name: `${importer.kind}:${path.basename(place)} (${drawn.length} of ${names.length} labels)`,
    sha256: hashOf(cases),
    licence: importer.licence,
    labels: drawn.map((name) => ({ name: String(name) })),
    examples,
    cases,
  };
}

/** Labels as prompts take them: `Refund?` has a sign too many. */
function withName({ text, label, lang }: Utterance): Utterance {
  if (label === null) return { text, label, lang };
  const name = label
    .replaceAll(/[^\p{L}\p{N}_.:-]+/gu, '_')
    .replaceAll(/^[^\p{L}\p{N}]+|_+$/gu, '')
    .slice(0, 64);
  return { text, label: name === '' || name === UNKNOWN_INTENT ? null : name, lang };
}

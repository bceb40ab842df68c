import { z } from 'zod';

export const TASKS = ['intent', 'validate', 'menu', 'improve', 'hostile'] as const;
export type TaskName = (typeof TASKS)[number];

/** The usual four, which the headline is made of; `hostile` is about harm and is counted by itself. */
export const QUALITY_TASKS = ['intent', 'validate', 'menu', 'improve'] as const satisfies readonly TaskName[];

const lang = z.enum(['ru', 'en']);
export type Lang = z.infer<typeof lang>;

const text = z.string().min(1).max(2_000);
const id = z.string().regex(/^[\w.:-]{1,64}$/);

/** How an utterance is written: as it should be, with slips, in slang, in two scripts, with pictures. */
export const STYLES = ['plain', 'typo', 'slang', 'mixed', 'emoji'] as const;

export const IntentLine = z.strictObject({
  id,
  lang,
  intent: z.string(),
  style: z.enum(STYLES),
  text,
});
export const ImproveLine = z.strictObject({ id, lang, text });
export const MenuLine = z.strictObject({ id, lang, topic: text, context: z.string().max(500) });
export const HostileLine = z.strictObject({
  id,
  kind: z.string(),
  /** The label that the attacker wants; absent where he wants something that is on no list. */
  wants: z.string().optional(),
  text,
});

export interface IntentCase {
  task: 'intent';
  id: string;
  /** Absent where an imported set does not say. */
  lang?: string | undefined;
  style?: string | undefined;
  text: string;
  /** The one right label, or `unknown` for what is out of scope. */
  expected: string;
}
export interface ValidateCase {
  task: 'validate';
  id: string;
  lang: Lang;
  input: string;
  expectation: string;
  /** True by construction. */
  valid: boolean;
}
export interface MenuCase {
  task: 'menu';
  id: string;
  lang: Lang;
  topic: string;
  context: string;
}
export interface ImproveCase {
  task: 'improve';
  id: string;
  lang: Lang;
  text: string;
}
export interface HostileCase {
  task: 'hostile';
  id: string;
  kind: string;
  wants?: string | undefined;
  text: string;
  /** Which of the tasks gets it. */
  asked: 'intent' | 'improve';
}
export type EvalCase = IntentCase | ValidateCase | MenuCase | ImproveCase | HostileCase;

/** One label of the bot under test. */
export interface Label {
  name: string;
  /** A few words on what it means, as a bot's developer would write them. */
  description?: string | undefined;
  /** One plain word that stands for it where an answer is a word; by default the name itself. */
  word?: string | undefined;
  /** Beginnings of words that give it away, for the keyword control. */
  keywords?: readonly string[] | undefined;
}

/** A message whose label is shown to the model; never one of the cases. */
export interface SolvedExample {
  text: string;
  label: string;
}

export interface IntentQuestionSet {
  labels: readonly Label[];
  examples: readonly SolvedExample[];
}

/** All that a model is asked, and where it comes from. */
export interface QualitySet extends IntentQuestionSet {
  /** `botllm/1`, or the format and the name of an imported file. */
  name: string;
  /** Of all cases and labels; equal hashes: comparable reports. */
  sha256: string;
  licence: string;
  cases: readonly EvalCase[];
}

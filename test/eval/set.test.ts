import { describe, expect, test } from 'vitest';
import type { EvalCase } from '../../src/eval/set/cases.js';
import { OWN_EXAMPLES, OWN_LABELS } from '../../src/eval/set/labels.js';
import { ownSet } from '../../src/eval/set/own-set.js';
import { sample } from '../../src/eval/set/sample.js';
import { TODAY } from '../../src/eval/set/validate-cases.js';
import { expectedFormats, verdictOn } from '../../src/prompts/formats/verdict.js';
import { improveText } from '../../src/prompts/improve.js';
import { classifyUserIntent } from '../../src/prompts/intent.js';
import { generateDynamicMenu } from '../../src/prompts/menu.js';
import type { PromptConfig } from '../../src/prompts/prompt-config.js';
import { smartValidateInput } from '../../src/prompts/validate.js';
import { nearDuplicates } from './similarity.js';

/** Two short texts on one matter share a quarter of their trigrams; a text and its rewording, well over a half. */
const NEAR = 0.5;

const set = await ownSet();
const of = <T extends EvalCase['task']>(task: T) =>
  set.cases.filter((one): one is Extract<EvalCase, { task: T }> => one.task === task);
const intents = of('intent');

describe('the messages', () => {
  test('are 200 and more in each language, over 15 intents and a fifth out of scope', () => {
    for (const lang of ['ru', 'en']) {
      const own = intents.filter((one) => one.lang === lang);
      expect(own.length).toBeGreaterThanOrEqual(200);
      const outside = own.filter(({ expected }) => expected === 'unknown').length;
      expect(outside / own.length).toBeGreaterThan(0.18);
      for (const { name } of OWN_LABELS) {
        expect(
          own.filter(({ expected }) => expected === name).length,
          `${lang} ${name}`,
        ).toBeGreaterThanOrEqual(10);
      }
    }
    expect(OWN_LABELS).toHaveLength(15);
  });

  test('have slips, slang and two scripts among them, as users write', () => {
    for (const lang of ['ru', 'en']) {
      const styles = intents.filter((one) => one.lang === lang).map(({ style }) => style);
      for (const [style, least] of [
        ['typo', 20],
        ['slang', 15],
        ['mixed', 15],
        ['emoji', 3],
      ] as const) {
        expect(styles.filter((one) => one === style).length, `${lang} ${style}`).toBeGreaterThanOrEqual(
          least,
        );
      }
    }
    const english = intents.filter(({ lang, style }) => lang === 'en' && style === 'mixed');
    expect(english.filter(({ text }) => !/\p{Script=Cyrillic}/u.test(text))).toEqual([]);
  });

  test('are no two alike', () => {
    expect(
      nearDuplicates(
        intents.map(({ text }) => text),
        NEAR,
      ),
    ).toEqual([]);
    expect(
      nearDuplicates(
        of('improve').map(({ text }) => text),
        NEAR,
      ),
    ).toEqual([]);
    const menus = of('menu').map(({ topic, context }) => `${topic} ${context}`);
    expect(nearDuplicates(menus, NEAR)).toEqual([]);
    const attacks = of('hostile').filter(({ asked }) => asked === 'intent');
    expect(new Set(attacks.map(({ text }) => text)).size).toBe(attacks.length);
  });

  test('the near ones would be seen', () => {
    const [one] = intents;
    expect(nearDuplicates([`${one?.text}!!`, one?.text ?? ''], NEAR)).toHaveLength(1);
    expect(nearDuplicates(['можно записаться на завтра?', 'можно записаться на завтра'], NEAR)).toHaveLength(
      1,
    );
  });

  test('and none of them is shown to a model as a solved example', () => {
    const shown = [
      ...OWN_EXAMPLES.map(({ text }) => text),
      ...examplesOf(classifyUserIntent({ message: 'x', availableIntents: ['a'] })),
      ...examplesOf(improveText({ text: 'x' })),
      ...examplesOf(smartValidateInput({ userInput: 'x', expectation: 'любой цвет' })),
      ...examplesOf(generateDynamicMenu({ topic: 'x' })),
    ];
    expect(shown.length).toBeGreaterThan(20);
    const all = [...intents, ...of('improve')].map(({ text }) => text);
    expect(nearDuplicates(all, NEAR, shown)).toEqual([]);
    const inputs = of('validate').map(({ input, expectation }) => `${expectation} ${input}`);
    expect(inputs.filter((text) => shown.some((one) => one === text))).toEqual([]);
    expect(of('menu').filter(({ topic }) => shown.includes(topic))).toEqual([]);
  });

  test('have one solved example for each label, and some for none', () => {
    expect(new Set(OWN_EXAMPLES.map(({ label }) => label))).toEqual(
      new Set([...OWN_LABELS.map(({ name }) => name), 'unknown']),
    );
    const words = OWN_LABELS.map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('the other tasks', () => {
  test('have 100 texts and more with placeholders, 150 attacks and more, menus, inputs right and wrong', () => {
    const texts = of('improve');
    expect(texts.length).toBeGreaterThanOrEqual(100);
    expect(texts.filter(({ text }) => !/\{+[^{}]+\}+/.test(text))).toEqual([]);
    const attacks = of('hostile');
    for (const asked of ['intent', 'improve']) {
      expect(attacks.filter((one) => one.asked === asked).length).toBeGreaterThanOrEqual(150);
    }
    expect(new Set(attacks.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    expect(attacks.filter(({ text }) => /[а-я]/i.test(text)).length).toBeGreaterThan(80);
    expect(of('menu').length).toBeGreaterThanOrEqual(20);
    const inputs = of('validate');
    expect(inputs.length).toBeGreaterThanOrEqual(100);
    expect(inputs.filter(({ valid }) => valid).length * 2).toBe(inputs.length);
  });

  test('what the code says of an input is never against the truth by which it was made', () => {
    const settled = of('validate').flatMap((one) => {
      const verdict = verdictOn(one.input, expectedFormats(one.expectation));
      return verdict ? [{ ...one, verdict: verdict.valid }] : [];
    });
    expect(settled.length).toBeGreaterThan(50);
    expect(settled.length).toBeLessThan(of('validate').length);
    expect(settled.filter(({ verdict, valid }) => verdict !== valid)).toEqual([]);
    expect(TODAY.getFullYear()).toBe(2030);
  });

  test('every case has an id of its own', () => {
    expect(new Set(set.cases.map(({ id }) => id)).size).toBe(set.cases.length);
  });
});

describe('a sample', () => {
  test('holds what the whole holds, and is the beginning of any larger one', () => {
    const small = sample(intents, 38, 42);
    expect(new Set(small.map(({ lang, expected }) => `${lang} ${expected}`)).size).toBe(32);
    // Out of scope is a fifth of the whole, and of its beginning.
    expect(small.filter(({ expected }) => expected === 'unknown')).toHaveLength(8);
    expect(sample(intents, 64, 42).slice(0, 38)).toEqual(small);
    expect(sample(intents, 38, 42)).toEqual(small);
    expect(sample(intents, 38, 43)).not.toEqual(small);
    expect(sample(intents, undefined, 42)).toHaveLength(intents.length);
  });
});

/** What stands in the solved turns of a prompt: between the tags, and in the line of the topic. */
function examplesOf({ messages }: PromptConfig<unknown>): string[] {
  return messages
    .slice(1, -1)
    .filter(({ role }) => role === 'user')
    .map(({ content }) => /<(message-[0-9a-f]{8})>\n([\s\S]*)\n<\/\1>/.exec(content)?.[2] ?? content);
}

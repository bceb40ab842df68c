import { describe, expect, test } from 'vitest';
import { placeholderFaults } from '../../src/eval/graders/improve.js';
import { OWN_LABELS } from '../../src/eval/set/labels.js';
import { only, oracle, reportWith, type Say, saying } from './engines.js';

const TASKS = ['intent', 'validate', 'menu', 'improve'] as const;

describe('an engine that is always right', () => {
  test.each(TASKS)('gets all of %s right, every answer usable as it came', async (task) => {
    const { score } = only(await reportWith(saying(oracle), { tasks: [task] }));
    const wrong = score.right.n - score.right.hits;
    expect([wrong, score.usable.rate]).toEqual([0, 1]);
    expect(score.marks.valid?.rate).toBe(1);
    expect(score.marks.reasked?.rate).toBe(0);
  });

  test('has the headline 1 and F1 1', async () => {
    const report = await reportWith(saying(oracle), { tasks: TASKS, limit: 40 });
    expect(report.rows[0]?.usable?.rate).toBe(1);
    expect(report.rows[0]?.tasks[0]?.macroF1).toBe(1);
    expect(report.rows[0]?.tasks[1]).toMatchObject({ balancedAccuracy: 1, modelBalancedAccuracy: 1 });
  });
});

describe('an engine that is always wrong', () => {
  const wrong: Say = (one, request) => {
    if (one.task === 'intent') {
      const other = OWN_LABELS.find(({ name }) => name !== one.expected)?.name;
      return JSON.stringify({ intent: other, entities: [] });
    }
    if (one.task === 'validate') {
      // What the schema settles even this one cannot say otherwise, as no engine that holds a schema can.
      const { schema } = (request.body.response_format?.json_schema ?? {}) as {
        schema?: { properties?: { valid?: { enum?: boolean[] } } };
      };
      const valid = schema?.properties?.valid?.enum?.[0] ?? !one.valid;
      return JSON.stringify({ valid, reason: 'Нет, no.', suggestion: 'Нет, no.' });
    }
    return '{"text":"", "items":[]}';
  };

  test.each(['intent', 'menu', 'improve'] as const)('gets 0 of %s', async (task) => {
    const { score } = only(await reportWith(saying(wrong), { tasks: [task], limit: 60 }));
    expect(score.right.hits).toBe(0);
    expect(score.usable.hits).toBe(0);
  });

  test('gets 0 of the inputs that the model judges, and not one that the code settles is counted for it', async () => {
    const { score } = only(await reportWith(saying(wrong), { tasks: ['validate'] }));
    expect(score.modelBalancedAccuracy).toBe(0);
    expect(score.marks.modelFalseAccept?.rate).toBe(1);
    expect(score.balancedAccuracy).toBeGreaterThan(0.4);
    expect(score.balancedAccuracy).toBeLessThan(1);
  });
});

describe('an engine that says what it was told', () => {
  const echo: Say = (one, { body }) =>
    one.task === 'improve' ? JSON.stringify({ text: one.text }) : (body.messages?.at(-1)?.content ?? '');

  test('is of no use for intents and inputs', async () => {
    for (const task of ['intent', 'validate'] as const) {
      const { score } = only(await reportWith(saying(echo), { tasks: [task], limit: 44 }));
      expect([score.right.hits, score.usable.hits, score.marks.jsonStrict?.hits]).toEqual([0, 0, 0]);
    }
  });

  test('keeps every placeholder and changes nothing: that figure alone says little', async () => {
    const { score } = only(await reportWith(saying(echo), { tasks: ['improve'] }));
    expect(score.marks.placeholdersKept?.rate).toBe(1);
    expect(score.marks.changed?.rate).toBe(0);
  });
});

describe('the form of an answer', () => {
  test('JSON amid prose is right and not usable as it came', async () => {
    const prose: Say = (one, request) => `Sure! Here you are:\n${oracle(one, request)}\nAnything else?`;
    const { score } = only(await reportWith(saying(prose), { tasks: ['intent'], limit: 32 }));
    expect(score.right.rate).toBe(1);
    expect(score.usable.rate).toBe(0);
    expect(score.marks).toMatchObject({
      jsonStrict: { hits: 0 },
      repaired: { hits: 32 },
      valid: { hits: 32 },
    });
  });

  test('what only a second question brings counts as valid and as asked again, not as usable', async () => {
    const seen = new Set<unknown>();
    const hesitant: Say = (one, request) => {
      const id = request.headers['x-request-id'];
      if (seen.has(id)) return oracle(one, request);
      seen.add(id);
      return 'let me think';
    };
    const { score } = only(await reportWith(saying(hesitant), { tasks: ['intent'], limit: 32 }));
    expect(score.marks).toMatchObject({ reasked: { rate: 1 }, valid: { rate: 1 } });
    expect([score.right.rate, score.usable.rate]).toEqual([1, 0]);
  });

  test('a stand-in is never right, not even where it says unknown and unknown is true', async () => {
    const { score } = only(
      await reportWith(
        saying(() => 'no'),
        { tasks: ['intent'], limit: 64 },
      ),
    );
    expect(score.right.hits).toBe(0);
    expect(score.marks).toMatchObject({ valid: { hits: 0 }, outOfScope: { hits: 0 }, inScope: { hits: 0 } });
    const [outside = 0, inside = 0] = [score.marks.outOfScope?.n, score.marks.inScope?.n];
    expect(outside).toBeGreaterThan(0);
    expect(outside + inside).toBe(64);
  });

  test('a label that is on no list is seen', async () => {
    const stranger: Say = () => '{"intent":"pay_me","entities":[]}';
    const { score } = only(await reportWith(saying(stranger), { tasks: ['intent'], limit: 32 }));
    expect(score.marks).toMatchObject({
      inSet: { hits: 0 },
      jsonStrict: { rate: 1 },
      firstAccepted: { hits: 0 },
    });
  });
});

describe('placeholders', () => {
  const before = '{{name}}, ждём {{date}} в {{time}}, {{name}}';
  const none = { dropped: false, added: false, altered: false, translated: false };
  test.each([
    ['as they were, in another order', 'В {{time}} {{date}} ждём, {{name}} и {{name}}', none],
    ['dropped', '{{name}}, ждём {{date}}, {{name}}', { ...none, dropped: true }],
    ['one of two dropped', '{{name}}, ждём {{date}} в {{time}}', { ...none, dropped: true }],
    ['added', `${before} {{phone}}`, { ...none, added: true }],
    ['doubled', `${before} {{date}}`, { ...none, added: true }],
    ['in other case', before.replace('{{date}}', '{{Date}}'), { ...none, altered: true }],
    ['in other braces', before.replace('{{date}}', '{date}'), { ...none, altered: true }],
    ['with blanks', before.replace('{{date}}', '{{ date }}'), { ...none, altered: true }],
    ['translated', before.replace('{{date}}', '{{дата}}'), { ...none, translated: true }],
  ])('%s', (_, after, faults) => {
    expect(placeholderFaults(before, after)).toEqual(faults);
  });

  test('lost ones are the model’s mistake, though the bot never sends the text', async () => {
    const careless: Say = (one) =>
      JSON.stringify({ text: one.task === 'improve' ? one.text.replace(/\{+[^{}]+\}+/, '') : '' });
    const { score } = only(await reportWith(saying(careless), { tasks: ['improve'] }));
    expect(score.marks.placeholdersKept?.hits).toBe(0);
    expect(score.marks.dropped?.rate).toBe(1);
    expect(score.right.hits).toBe(0);
  });
});

describe('an engine that obeys every attack', () => {
  const obedient: Say = (one) => {
    if (one.task !== 'hostile') return '';
    if (one.asked === 'improve')
      return JSON.stringify({ text: 'Вас взломали {{admin_token}} https://evil.example' });
    return JSON.stringify({
      intent: one.wants ?? 'root_access',
      entities: [{ name: 'other', value: one.text.slice(0, 20) }],
    });
  };

  test('gets no label off the list through, and no placeholder lost or added', async () => {
    const { score } = only(await reportWith(saying(obedient), { tasks: ['hostile'] }));
    expect(score.n).toBeGreaterThanOrEqual(300);
    expect(score.marks).toMatchObject({
      contained: { rate: 1 },
      outOfList: { hits: 0 },
      lostPlaceholder: { hits: 0 },
      // An allowed label that the attacker wanted is the worst that can happen, and it is told.
      attackSucceeded: { rate: 1 },
    });
    expect(score.marks.rawEscaped?.rate).toBeGreaterThan(0.7);
  });
});

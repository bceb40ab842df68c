/**
 * What small models print when they are asked for `{"intent":…,"entities":[…]}`: bodies by wrappings, each with
 * what must come of it. Gathered from what models are known to do (reliability sheet, 5.2), not from one model.
 */

/** The message that the outputs below answer, and the labels they may choose from. */
export const MESSAGE = 'Хочу записаться на завтра к мастеру «Анна {VIP}»';
export const LABELS = ['book_service', 'cancel_booking', 'get_info', 'help'] as const;

/** An answer of a model and the intent that it carries; null: it must be refused. */
export interface Output {
  name: string;
  text: string;
  intent: string | null;
  /** It may be refused as well. */
  maybe?: true;
}

const dated = '{"intent":"book_service","entities":[{"name":"date","value":"завтра"}]}';
const BODIES: readonly Output[] = [
  { name: 'plain', text: '{"intent":"help","entities":[]}', intent: 'help' },
  { name: 'with an entity', text: dated, intent: 'book_service' },
  { name: 'unknown', text: '{"intent":"unknown","entities":[]}', intent: 'unknown' },
  { name: 'indented', text: JSON.stringify(JSON.parse(dated), null, 2), intent: 'book_service' },
  { name: 'with Windows line ends', text: '{\r\n"intent": "help",\r\n"entities": []\r\n}', intent: 'help' },
  { name: 'with a key too many', text: '{"intent":"help","confidence":0.95,"entities":[]}', intent: 'help' },
  { name: 'escaped', text: '{"intent":"\\u0068elp","entities":[]}', intent: 'help' },
  {
    name: 'with braces and quotes in a value',
    text: '{"intent":"help","entities":[{"name":"person","value":"«Анна {VIP}»"},{"name":"other","value":"a \\"b\\" }"}]}',
    intent: 'help',
  },
  {
    name: 'a key twice, the last one right',
    text: '{"intent":"fly","intent":"help","entities":[]}',
    intent: 'help',
  },
  {
    name: 'a key twice, the last one wrong',
    text: '{"intent":"help","intent":"fly","entities":[]}',
    intent: null,
  },
  { name: 'another label', text: '{"intent":"fly_to_moon","entities":[]}', intent: null },
  { name: 'half a label', text: '{"intent":"book","entities":[]}', intent: null },
  { name: 'a label and more', text: '{"intent":"book_service_now","entities":[]}', intent: null },
  { name: 'a label in capitals', text: '{"intent":"HELP","entities":[]}', intent: null },
  { name: 'a label with a space', text: '{"intent":"help ","entities":[]}', intent: null },
  { name: 'a label with a Cyrillic letter', text: '{"intent":"hеlp","entities":[]}', intent: null },
  { name: 'a label with a zero-width space', text: '{"intent":"he\u200Blp","entities":[]}', intent: null },
  { name: 'a translated label', text: '{"intent":"помощь","entities":[]}', intent: null },
  { name: 'two labels', text: '{"intent":"help|get_info","entities":[]}', intent: null },
  { name: 'a list of labels', text: '{"intent":["help"],"entities":[]}', intent: null },
  { name: 'a label deeper down', text: '{"intent":{"name":"help"},"entities":[]}', intent: null },
  { name: 'an empty label', text: '{"intent":"","entities":[]}', intent: null },
  { name: 'null', text: '{"intent":null,"entities":[]}', intent: null },
  { name: 'a number', text: '{"intent":1,"entities":[]}', intent: null },
  { name: 'NaN', text: '{"intent":NaN,"entities":[]}', intent: null },
  { name: 'no entities', text: '{"intent":"help"}', intent: null },
  { name: 'entities null', text: '{"intent":"help","entities":null}', intent: null },
  { name: 'entities as an object', text: '{"intent":"help","entities":{"date":"завтра"}}', intent: null },
  {
    name: 'an entity of no kind',
    text: '{"intent":"help","entities":[{"name":"mood","value":"x"}]}',
    intent: null,
  },
  {
    name: 'an entity that is a number',
    text: '{"intent":"help","entities":[{"name":"number","value":3}]}',
    intent: null,
  },
  { name: 'Cyrillic keys', text: '{"интент":"help","сущности":[]}', intent: null },
  { name: 'a Cyrillic letter in a key', text: '{"іntent":"help","entities":[]}', intent: null },
  { name: 'keys in capitals', text: '{"Intent":"help","Entities":[]}', intent: null },
  { name: '__proto__', text: '{"__proto__":{"intent":"help","entities":[]}}', intent: null },
  {
    name: '__proto__ beside it',
    text: '{"__proto__":{"x":1},"intent":"help","entities":[]}',
    intent: 'help',
  },
  {
    name: 'constructor',
    text: '{"constructor":{"prototype":{"intent":"help"}},"entities":[]}',
    intent: null,
  },
  {
    name: 'the schema instead of an answer',
    text: '{"type":"object","properties":{"intent":{"enum":["help"]}}}',
    intent: null,
  },
  { name: 'the answer one level down', text: '{"answer":{"intent":"help","entities":[]}}', intent: null },
  { name: 'an empty object', text: '{}', intent: null },
];

interface Wrapping {
  name: string;
  wrap: (body: string) => string;
  /** Refused whatever is inside. */
  refused?: true;
  /** May be refused whatever is inside. */
  maybe?: true;
}

const WRAPPINGS: readonly Wrapping[] = [
  { name: 'bare', wrap: (body) => body },
  { name: 'white space', wrap: (body) => `\n\n  ${body}\t\n` },
  { name: 'a fence', wrap: (body) => `\`\`\`json\n${body}\n\`\`\`` },
  { name: 'a fence without a name', wrap: (body) => `\`\`\`\n${body}\n\`\`\`` },
  { name: 'a fence that is not closed', wrap: (body) => `\`\`\`json\n${body}` },
  { name: 'words before', wrap: (body) => `Sure! Here is the JSON you asked for:\n\n${body}` },
  { name: 'Russian words before', wrap: (body) => `Конечно! Вот ответ: ${body}` },
  { name: 'words behind', wrap: (body) => `${body}\n\nI hope this helps! 😊` },
  { name: 'words around, with braces', wrap: (body) => `The {answer} is: ${body} (see {docs})` },
  { name: 'an explanation behind', wrap: (body) => `${body}\n\nExplanation: the user wants "help".` },
  { name: 'a tag around', wrap: (body) => `<answer>${body}</answer>` },
  { name: 'bold', wrap: (body) => `**${body}**` },
  { name: 'a name before', wrap: (body) => `assistant: ${body}` },
  {
    name: 'a thought before',
    wrap: (body) => `<think>The user greets. {"intent":"cancel_booking","entities":[]}?</think>\n${body}`,
  },
  { name: 'an empty thought before', wrap: (body) => `<think>\n\n</think>\n\n${body}` },
  {
    name: 'two thoughts before',
    wrap: (body) => `<think>a</think><think>{"intent":"cancel_booking","entities":[]}</think>${body}`,
  },
  {
    name: 'a thought whose beginning was in the prompt',
    wrap: (body) => `So {"intent":"cancel_booking","entities":[]} maybe.\n</think>\n${body}`,
  },
  {
    name: 'a thought by another name',
    wrap: (body) => `<thinking>{"intent":"cancel_booking","entities":[]}</thinking>${body}`,
  },
  { name: 'a thought that never ends', wrap: (body) => `<think>${body}`, refused: true },
  { name: 'a text in quotes', wrap: (body) => JSON.stringify(body), maybe: true },
  { name: 'an open object around', wrap: (body) => `{"result":${body}`, refused: true },
  { name: 'the question echoed before', wrap: (body) => `{"message" ${body}`, refused: true },
];

/** What is no wrapped object at all. */
const ODDITIES: readonly Output[] = [
  ['nothing', ''],
  ['white space', ' \n '],
  ['a refusal', 'I am sorry, but I cannot help with that.'],
  ['a refusal in Russian', 'Извините, я не могу ответить.'],
  ['the label alone', 'help'],
  ['the label in quotes', '"help"'],
  ['a number', '42'],
  ['null', 'null'],
  ['an empty list', '[]'],
  ['a list of labels', '["help"]'],
  ['YAML', 'intent: help\nentities: []'],
  ['XML', '<intent>help</intent>'],
  ['Python', 'dict(intent="help", entities=[])'],
  ['a template', '{{intent}}'],
  ['an open brace', '{'],
  ['a closed brace', '}'],
  ['a thousand braces', '{'.repeat(1000)],
  ['a table', '| intent | help |\n|---|---|'],
  ['a label whose end is missing', '{"intent":"cancel_bo'],
  ['a label whose end is missing, closed by a brace', '{"intent":"cancel_bo}'],
  ['a list whose end is missing', '{"intent":"help","entities":[{"name":"date"'],
  [
    'a list whose end is missing, closed by a brace',
    '{"intent":"help","entities":[{"name":"date","value":"завтра"}',
  ],
  ['control characters', '\u0000\u0001\u0002'],
  ['half a surrogate', '{"intent":"\ud800","entities":[]}'],
].map(([name = '', text = '']) => ({ name, text, intent: null }));

/** What can be repaired because nothing of it is missing. */
const REPAIRED: readonly Output[] = [
  ['a comma too many', '{"intent":"help","entities":[],}'],
  ['single quotes', "{'intent':'help','entities':[]}"],
  ['no quotes around keys', '{intent:"help",entities:[]}'],
  ['a comment', '{"intent":"help", // what he wants\n"entities":[]}'],
  ['a comma that is missing', '{"intent":"help" "entities":[]}'],
  ['typographic quotes', '{“intent”:“help”,“entities”:[]}'],
].map(([name = '', text = '']) => ({ name, text, intent: 'help' }));

export const OUTPUTS: readonly Output[] = [
  ...WRAPPINGS.flatMap(({ name, wrap, refused, maybe }) =>
    BODIES.map((body) => ({
      name: `${body.name}, in ${name}`,
      text: wrap(body.text),
      intent: refused ? null : body.intent,
      ...(maybe && { maybe }),
    })),
  ),
  ...ODDITIES,
  ...REPAIRED,
];

/** Whole answers to the other tasks, by their wrappings too: what one task takes for right another may not. */
export const FOREIGN: readonly string[] = [
  '{"valid":true,"reason":"Хорошо","suggestion":""}',
  '{"valid":"true","reason":"","suggestion":""}',
  '{"valid":false,"reason":"Нет времени","suggestion":"2026-11-25 15:00"}',
  '{"items":[{"text":"💆 Массаж","description":"Расслабляющий"},{"text":"Уход","description":""}]}',
  '{"items":[{"text":"💆 Массаж","description":null}]}',
  '{"items":[]}',
  '{"items":[{"text":7,"description":"x"}]}',
  '{"items":"Массаж"}',
  `{"items":[{"text":"${'x'.repeat(65)}","description":""}]}`,
  '{"text":"Ваш заказ {{order_id}} готов! 🎉"}',
  '{"text":"Ваш заказ готов"}',
  '{"text":"Ваш заказ {{order_id}} {{order_id}} готов"}',
  '{"text":["Ваш заказ {{order_id}} готов"]}',
  '{"text":null}',
].flatMap((body) => WRAPPINGS.map(({ wrap }) => wrap(body)));

import { z } from 'zod';
import { BotllmError } from '../errors.js';
import { definePrompt } from './define-prompt.js';
import { isOtherLanguage, languageFor, sameLanguageLast } from './language.js';
import {
  ASKED,
  MENU_EXAMPLES,
  MENU_SYSTEM,
  type MenuAnswer,
  type MenuItem,
  menuQuestion,
} from './menu-texts.js';
import { MESSAGES, REFUSALS } from './messages.js';
import type { PromptConfig } from './prompt-config.js';

export interface MenuInput {
  /** What the menu is about, in the language that it shall be in. */
  topic: string;
  /** What is known of the user and of what he wants now. */
  context?: string | undefined;
  /** The menu to show when the model gives none: 1 to 8 items within the limits. Default: the topic as the one item. */
  fallbackItems?: readonly MenuItem[] | undefined;
}

export interface MenuData {
  /** 1 to 8, no two with the same words. */
  items: MenuItem[];
}

const MAX_ITEMS = 8;
/** A messenger's button; UTF-16 units, as messengers count. */
const MAX_TEXT_CHARS = 64;
const MAX_DESCRIPTION_CHARS = 120;
/** One more than is asked for: an engine that holds the schema ends a text at its bound in the middle of a word, and that must be seen. */
const TEXT_ROOM = ASKED.text + 1;
const DESCRIPTION_ROOM = ASKED.description + 1;

const ask = definePrompt<MenuInput, MenuAnswer, MenuData>({
  id: 'menu',
  version: 2,
  schema: () => ANSWER,
  // Narrower than what is taken: any answer under it fits maxTokens, and that the context of a small model.
  jsonSchema: () => ({
    type: 'object',
    properties: {
      items: {
        type: 'array',
        minItems: 1,
        maxItems: ASKED.items,
        items: {
          type: 'object',
          properties: {
            text: { type: 'string', maxLength: TEXT_ROOM },
            description: { type: 'string', maxLength: DESCRIPTION_ROOM },
          },
          required: ['text', 'description'],
          additionalProperties: false,
        },
      },
    },
    required: ['items'],
    additionalProperties: false,
  }),
  examples: ({ topic }) => sameLanguageLast(topic, MENU_EXAMPLES),
  build: ({ topic, context = '' }) => ({
    system: MENU_SYSTEM,
    user: menuQuestion(topic, context, languageFor(topic)),
  }),
  check: ({ items }, { topic }) => {
    for (const [index, item] of items.entries()) {
      refuseCut(`items.${index}.text`, item.text, TEXT_ROOM);
      refuseCut(`items.${index}.description`, item.description, DESCRIPTION_ROOM);
    }
    const menu = menuOf(items);
    refuseCopied(menu);
    const words = menu.flatMap(({ text, description }) => [text, description]).join(' ');
    if (isOtherLanguage(topic, words)) throw new Error(MESSAGES.otherLanguage('items'));
    return { items: menu };
  },
  fallback: ({ topic, fallbackItems }) => ({
    items: fallbackItems ? menuOf(fallbackItems) : [{ text: shortened(topic), description: '' }],
  }),
});

const ANSWER = z.object({ items: z.array(z.object({ text: z.string(), description: z.string() })) });

/**
 * Makes a menu of 1 to 8 items on a topic for this user. White space is trimmed; items that say the same in
 * other case or with other emoji, and items without a text, are dropped. A text over 64 characters or a
 * description over 120 is never cut: the model is asked once more, then the fallback stands in.
 *
 * Fallback: `fallbackItems` where they are given, else one item that says the topic (ended with `…` where it is
 * longer than a button) with an empty description.
 * @throws BotllmError `INVALID_REQUEST` for an empty topic, a context that is no text, or `fallbackItems` beyond
 *   the limits
 */
export function generateDynamicMenu(input: MenuInput): PromptConfig<MenuData> {
  const { topic, context, fallbackItems } = input;
  if (typeof topic !== 'string' || topic.trim() === '') {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('topic'));
  }
  if (context !== undefined && typeof context !== 'string') {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.notText('context'));
  }
  if (fallbackItems !== undefined) checkFallback(fallbackItems);
  return ask(input);
}

/** @throws Error with a reason that the model can read */
function menuOf(items: readonly MenuItem[]): MenuItem[] {
  const seen = new Set<string>();
  const menu: MenuItem[] = [];
  for (const [index, item] of items.entries()) {
    const [text, description] = [oneLine(item.text), oneLine(item.description)];
    if (text.length > MAX_TEXT_CHARS) {
      throw new Error(MESSAGES.tooLong(`items.${index}.text`, text.length, MAX_TEXT_CHARS));
    }
    if (description.length > MAX_DESCRIPTION_CHARS) {
      const { length } = description;
      throw new Error(MESSAGES.tooLong(`items.${index}.description`, length, MAX_DESCRIPTION_CHARS));
    }
    const words = wordsOf(text);
    if (text === '' || seen.has(words)) continue;
    seen.add(words);
    menu.push({ text, description });
  }
  if (menu.length === 0) throw new Error(MESSAGES.emptyMenu);
  if (menu.length > MAX_ITEMS) throw new Error(MESSAGES.tooManyItems(menu.length, MAX_ITEMS));
  return menu;
}

const EXAMPLE_WORDS = new Set(
  MENU_EXAMPLES.flatMap(({ answer }) => answer.items.map(({ text }) => wordsOf(text))),
);

/**
 * Small models say an example again, with a word changed: a dentist's menu that offers to fix the chain. One item
 * alone may be the same by right.
 */
function refuseCopied(menu: readonly MenuItem[]): void {
  const copied = menu.filter(({ text }) => EXAMPLE_WORDS.has(wordsOf(text))).length;
  if (copied > 1 && copied * 2 >= menu.length) throw new Error(MESSAGES.copied('items'));
}

function checkFallback(items: readonly MenuItem[]): void {
  try {
    menuOf(ANSWER.shape.items.parse(items));
  } catch (cause) {
    throw new BotllmError('INVALID_REQUEST', REFUSALS.badFallback('fallbackItems'), {
      detail: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
      cause,
    });
  }
}

/** A text of exactly the schema's bound is one that the engine has cut. */
function refuseCut(name: string, text: string, room: number): void {
  if ([...text].length === room) throw new Error(MESSAGES.unended(name, room - 1));
}

/** What two buttons must not share: the letters and digits, or the signs where there are no others. */
function wordsOf(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return words === '' ? text : words;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
}

function shortened(topic: string): string {
  const line = oneLine(topic);
  if (line.length <= MAX_TEXT_CHARS) return line;
  const part = line.slice(0, MAX_TEXT_CHARS - 1).toWellFormed();
  return `${part.replace(/\uFFFD$/, '').replace(/\s+\S*$/, '')}…`;
}

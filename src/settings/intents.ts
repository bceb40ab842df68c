import type { Node } from 'yaml';
import { MESSAGES } from './messages.js';

/** The bot's intents, as `classifyUserIntent` wants them. */
export interface ConfiguredIntents {
  names: string[];
  /** What an intent means, where the file says it. */
  descriptions: Record<string, string>;
}

/** The intents of the guide's own bot: what is used where nobody names any. */
export const GUIDE_INTENTS = ['book_service', 'cancel_booking', 'get_info', 'help'] as const;

// The rule of the prompt itself, which this room may not import (a test holds the two together).
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,63}$/u;
/** What the prompt always allows beside the listed ones. */
const UNKNOWN = 'unknown';

/** What is wrong, and with which node. */
export class IntentsRefusal {
  constructor(
    readonly node: Node | null,
    readonly message: string,
  ) {}
}

/** A list of names, or names with a description each (which may be missing). */
export function readIntents(
  node: Node | null,
  yaml: typeof import('yaml'),
): ConfiguredIntents | IntentsRefusal {
  if (!yaml.isMap(node) && !yaml.isSeq(node)) return new IntentsRefusal(node, MESSAGES.intentsShape);
  const names: string[] = [];
  const descriptions: Record<string, string> = {};
  for (const item of node.items) {
    const label = yaml.isPair(item) ? (item.key as Node | null) : (item as Node | null);
    const name = textOf(label, yaml);
    if (name === undefined) return new IntentsRefusal(label ?? node, MESSAGES.intentsShape);
    if (!LABEL.test(name)) return new IntentsRefusal(label, MESSAGES.intentRule(name));
    if (names.includes(name)) return new IntentsRefusal(label, MESSAGES.intentTwice(name));
    names.push(name);
    if (!yaml.isPair(item)) continue;
    const meaning = item.value as Node | null;
    if (meaning === null || (yaml.isScalar(meaning) && meaning.value === null)) continue;
    const description = textOf(meaning, yaml);
    if (description === undefined) return new IntentsRefusal(meaning, MESSAGES.intentDescription(name));
    descriptions[name] = description;
  }
  if (names.every((name) => name === UNKNOWN)) return new IntentsRefusal(node, MESSAGES.intentsEmpty);
  return { names, descriptions };
}

function textOf(node: Node | null, yaml: typeof import('yaml')): string | undefined {
  if (!yaml.isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

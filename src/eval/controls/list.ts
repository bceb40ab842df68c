import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import type { Label } from '../set/cases.js';
import type { Control } from './contract.js';

/** Says the commonest right answer to everything. */
const majority: Control = {
  id: 'control: majority',
  tasks: ['intent', 'validate'],
  answer: (one, { cases }) => {
    const alike = cases.filter(({ task }) => task === one.task);
    return one.task === 'validate'
      ? validAnswer(
          commonest(alike.map((other) => other.task === 'validate' && String(other.valid))) === 'true',
        )
      : intentAnswer(commonest(alike.map((other) => other.task === 'intent' && other.expected)));
  },
};

/** Says the label whose words it finds in the message. */
const keyword: Control = {
  id: 'control: keyword',
  tasks: ['intent'],
  answer: (one, { labels }) => intentAnswer('text' in one ? byKeyword(one.text, labels) : UNKNOWN_INTENT),
};

/**
 * Says what it was told: in the asked shape where the shape holds a text, so that it shows what a perfect keeping of
 * placeholders is worth by itself; as it is where the shape holds none.
 */
const echo: Control = {
  id: 'control: echo',
  tasks: ['intent', 'validate', 'menu', 'improve'],
  answer: (one) => {
    switch (one.task) {
      case 'validate':
        return one.input;
      case 'menu':
        return JSON.stringify({ items: [{ text: one.topic, description: '' }] });
      case 'improve':
        return JSON.stringify({ text: one.text });
      default:
        return one.text;
    }
  },
};

export const CONTROLS: readonly Control[] = [majority, keyword, echo];

function intentAnswer(intent: string): string {
  return JSON.stringify({ intent, entities: [] });
}

function validAnswer(valid: boolean): string {
  return JSON.stringify({ valid, reason: 'ok', suggestion: 'ok' });
}

function commonest(values: readonly (string | false)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== false) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? '';
}

function byKeyword(message: string, labels: readonly Label[]): string {
  const text = message.toLowerCase();
  const hits = labels.map((label) => ({
    name: label.name,
    count: wordsOf(label).filter((word) => text.includes(word)).length,
  }));
  const best = hits.reduce((most, one) => (one.count > most.count ? one : most), {
    name: UNKNOWN_INTENT,
    count: 0,
  });
  return best.name;
}

/** Without keywords of its own a label has the words of its name, short ones left out. */
function wordsOf({ name, keywords }: Label): readonly string[] {
  return (
    keywords ??
    name
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 3)
  );
}

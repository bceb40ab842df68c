import { isBotllmError } from '../../errors.js';
import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import type { ChatMessage } from '../../types.js';
import type { RawReply } from '../recorder.js';
import type { IntentQuestionSet } from '../set/cases.js';
import type { Way } from './contract.js';
import { messageOf } from './label.js';

/** Enough for any one word, whatever the tokeniser makes of it. */
const MAX_TOKENS = 8;
/** As many rivals of the first token as the servers give. */
const RIVALS = 20;
const NONE = 'other';

/**
 * Each label is one plain word, the answer is the word that the first token most probably begins: its probability is
 * summed over all alternatives that can become that word. An engine without probabilities is taken at its word.
 */
export const wordWay: Way = {
  name: 'word',
  summary: 'a solved example a label as chat turns, the answer one plain word, by token probability',
  tasks: ['intent'],
  async ask(question, { llm, options, replies, set }) {
    const words = wordsOf(set);
    const started = performance.now();
    try {
      const { attempts, latencyMs, model } = await llm.chat(
        {
          messages: messagesFor(messageOf(question), set, words),
          maxTokens: MAX_TOKENS,
          temperature: 0,
          extra: { logprobs: true, top_logprobs: RIVALS },
        },
        options,
      );
      const found = chosen(replies.at(-1), words);
      const source = found ? 'model' : 'fallback';
      const data = found ?? { intent: UNKNOWN_INTENT, confidence: null };
      return { data, source, model, attempts, latencyMs };
    } catch (error) {
      if (!isBotllmError(error)) throw error;
      const latencyMs = performance.now() - started;
      const data = { intent: UNKNOWN_INTENT, confidence: null };
      return { data, source: 'fallback', model: '', error: error.code, attempts: replies.length, latencyMs };
    }
  },
};

/** Word of each label; `other` for what is out of scope. */
function wordsOf({ labels }: IntentQuestionSet): Map<string, string> {
  const words = new Map(labels.map(({ name, word = name }) => [word.toLowerCase(), name]));
  return words.set(NONE, UNKNOWN_INTENT);
}

function messagesFor(
  message: string,
  { labels, examples }: IntentQuestionSet,
  words: ReadonlyMap<string, string>,
): ChatMessage[] {
  const wordFor = new Map([...words].map(([word, label]) => [label, word]));
  const list = labels.map(({ name, description }) => `${wordFor.get(name)}: ${description ?? name}`);
  return [
    {
      role: 'system',
      content: `Say in one word what the user of a bot wants.\n${list.join('\n')}\n${NONE}: none of these`,
    },
    ...examples.flatMap(({ text, label }): ChatMessage[] => [
      { role: 'user', content: text },
      { role: 'assistant', content: wordFor.get(label) ?? NONE },
    ]),
    { role: 'user', content: message },
  ];
}

function chosen(
  reply: RawReply | undefined,
  words: ReadonlyMap<string, string>,
): { intent: string; confidence: number | null } | null {
  if (!reply) return null;
  const sums = new Map<string, number>();
  let all = 0;
  for (const { token, logprob } of reply.firstTokens) {
    const beginning = token.trim().toLowerCase();
    const meant = beginning === '' ? [] : [...words.keys()].filter((word) => word.startsWith(beginning));
    const probability = Math.exp(logprob);
    if (meant.length > 0) all += probability;
    // A beginning of several words is a share of each.
    for (const word of meant) sums.set(word, (sums.get(word) ?? 0) + probability / meant.length);
  }
  const [best] = [...sums].sort((a, b) => b[1] - a[1]);
  if (best)
    return { intent: words.get(best[0]) ?? UNKNOWN_INTENT, confidence: all > 0 ? best[1] / all : null };
  const said = reply.text.trim().toLowerCase();
  const spoken = [...words].find(
    ([word]) => said === word || new RegExp(`^${escaped(word)}(?!\\p{L})`, 'u').test(said),
  );
  return spoken ? { intent: spoken[1], confidence: null } : null;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

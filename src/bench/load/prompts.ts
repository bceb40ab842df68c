import { createHash } from 'node:crypto';
import type { PromptConfig } from '../../prompts/prompt-config.js';
import type { ChatMessage } from '../../types.js';
import { seeded } from '../statistics/random.js';
import { CORPUS } from './corpus.js';
import type { Workload } from './plan.js';

/** What one request asks. */
export type Question =
  | { kind: 'chat'; messages: readonly ChatMessage[]; maxTokens: number }
  | { kind: 'task'; config: PromptConfig<unknown> };

export interface PromptOptions {
  seed: number;
  reportId: string;
  cold: boolean;
  charactersPerToken?: number | undefined;
}

export interface Prompts {
  /** @param index of the request; the same index of the same report always asks the same */
  question(index: number): Question;
  /** Corrects the length of what follows by what the engine counted in an answer. */
  calibrate(characters: number, tokens: number): void;
  /** How many characters a question has, for `calibrate`. */
  length(question: Question): number;
}

/** Where nothing is known yet. */
const CHARACTERS_PER_TOKEN = { en: 4.2, ru: 2.6 } as const;

const INSTRUCTION = {
  en: 'Continue this story in as many plain sentences as you can. Do not stop early.',
  ru: 'Продолжи этот рассказ простыми предложениями, как можно длиннее. Не останавливайся рано.',
} as const;

/** Makes the questions of a workload. The product's own prompts are loaded only where they are asked. */
export async function createPrompts(workload: Workload, options: PromptOptions): Promise<Prompts> {
  const tasks = workload.kind === 'bot' ? await import('./task-prompts.js') : undefined;
  const language = workload.kind === 'synthetic' ? workload.language : 'ru';
  let charactersPerToken = options.charactersPerToken ?? CHARACTERS_PER_TOKEN[language];
  const length = (question: Question) =>
    question.kind === 'chat' ? question.messages.reduce((sum, { content }) => sum + content.length, 0) : 0;
  return {
    length,
    calibrate(characters, tokens) {
      if (characters > 0 && tokens > 0) charactersPerToken = characters / tokens;
    },
    question(index) {
      const nonce = nonceOf(options, index);
      const random = seeded(Number.parseInt(nonce.slice(0, 7), 16));
      if (workload.kind === 'bot' && tasks) {
        const task = workload.tasks[index % workload.tasks.length] ?? 'intent';
        return { kind: 'task', config: tasks.taskOf(task, sentence('ru', random), nonce.slice(0, 8)) };
      }
      if (workload.kind === 'bot') throw new Error('the tasks were not loaded');
      const { promptTokens, outputTokens } = workload;
      const characters = Math.max(40, Math.round(promptTokens * charactersPerToken));
      // First of all, so that nothing behind it can be taken from a cache; always of the same length.
      const head = options.cold ? `[${spaced(nonce)}] ` : '';
      const system = `${head}${INSTRUCTION[language]}`;
      const user = prose(language, characters - system.length, random);
      return {
        kind: 'chat',
        maxTokens: outputTokens,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
      };
    },
  };
}

/** 32 hexadecimal digits that no other request has, of this report or of any other. */
function nonceOf({ seed, reportId }: PromptOptions, index: number): string {
  return createHash('sha256').update(`${seed}/${reportId}/${index}`).digest('hex').slice(0, 32);
}

/** In fours: about eight to twenty tokens, whatever the tokenizer. */
function spaced(nonce: string): string {
  return nonce.slice(0, 16).replace(/.{4}(?=.)/g, '$& ');
}

function sentence(language: 'en' | 'ru', random: () => number): string {
  const sentences = CORPUS[language];
  return sentences[Math.floor(random() * sentences.length)] ?? sentences[0];
}

function prose(language: 'en' | 'ru', characters: number, random: () => number): string {
  let text = '';
  while (text.length < characters) text += `${sentence(language, random)} `;
  return text.slice(0, Math.max(1, characters)).trimEnd();
}

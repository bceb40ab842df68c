import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { BotllmError } from '../../errors.js';
import { UNKNOWN_INTENT } from '../../prompts/intent.js';
import { MESSAGES } from '../messages.js';
import { type EvalCase, HostileLine, ImproveLine, IntentLine, MenuLine, type QualitySet } from './cases.js';
import { OWN_EXAMPLES, OWN_LABELS } from './labels.js';
import { validateCases } from './validate-cases.js';

/** Beside `dist` in the package, beside `src` in a checkout. */
const FOLDER = fileURLToPath(new URL('../../../benchmarks/quality', import.meta.url));

/**
 * Our own set, Russian and English: messages with their intents, texts with placeholders, inputs to be judged,
 * menus to be made, attacks.
 * @throws BotllmError `INTERNAL` for a set that is not there or is broken
 */
export async function ownSet(): Promise<QualitySet> {
  const [intents, improve, menus, hostile] = await Promise.all([
    lines('intent.jsonl', IntentLine),
    lines('improve.jsonl', ImproveLine),
    lines('menu.jsonl', MenuLine),
    lines('hostile.jsonl', HostileLine),
  ]);
  const known = new Set([...OWN_LABELS.map(({ name }) => name), UNKNOWN_INTENT]);
  for (const label of [...intents.map(({ intent }) => intent), ...hostile.map(({ wants }) => wants)]) {
    if (label !== undefined && !known.has(label)) throw broken(MESSAGES.strangeLabel(label));
  }
  const cases: EvalCase[] = [
    ...intents.map(({ intent, ...line }) => ({ task: 'intent' as const, ...line, expected: intent })),
    ...validateCases(),
    ...menus.map((line) => ({ task: 'menu' as const, ...line })),
    ...improve.map((line) => ({ task: 'improve' as const, ...line })),
    ...(['intent', 'improve'] as const).flatMap((asked) =>
      hostile.map((line) => ({ task: 'hostile' as const, ...line, id: `${line.id}-${asked}`, asked })),
    ),
  ];
  return {
    name: 'botllm/1',
    sha256: hashOf(cases),
    licence: 'MIT',
    labels: OWN_LABELS,
    examples: OWN_EXAMPLES,
    cases,
  };
}

export function hashOf(cases: readonly EvalCase[]): string {
  return createHash('sha256').update(JSON.stringify(cases)).digest('hex');
}

async function lines<T>(name: string, schema: z.ZodType<T>): Promise<T[]> {
  const file = path.join(FOLDER, name);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw broken(MESSAGES.noSet(file), cause);
  });
  return text
    .trimEnd()
    .split('\n')
    .map((line, at) => {
      try {
        return schema.parse(JSON.parse(line));
      } catch (cause) {
        const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
        throw broken(MESSAGES.badLine(name, at + 1, why), cause);
      }
    });
}

function broken(message: string, cause?: unknown): BotllmError {
  return new BotllmError('INTERNAL', message, { hint: MESSAGES.reinstall, cause });
}

import { access } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { BotllmError } from '../errors.js';
import type { PromptConfig } from '../prompts/prompt-config.js';
import { messages } from './messages.js';
import { badPrompt, reasonOf } from './prompt-fault.js';

/** A user's own prompt: the text it is about in, the question out. */
export type UserPrompt = (text: string) => PromptConfig<unknown>;

const MODULES = ['.js', '.mjs', '.cjs', '.ts', '.mts'];
const YAML = ['.yaml', '.yml'];

/**
 * Loads a prompt from a file: the default export of a module (what `definePrompt` gives, called with `{ text }`,
 * or a prompt config as it is), or YAML.
 * @throws BotllmError `USAGE` for another kind of file or none; `BAD_CONFIG` naming file and key for one that
 *   throws or has the wrong shape; `MISSING_PREREQUISITE` for TypeScript where Node cannot run it
 */
export async function loadPrompt(file: string): Promise<UserPrompt> {
  const full = path.resolve(file);
  const ending = path.extname(full).toLowerCase();
  if (YAML.includes(ending)) {
    const { loadYamlPrompt } = await import('./prompt-yaml.js');
    return guarded(file, 'system', await loadYamlPrompt(full, file));
  }
  if (!MODULES.includes(ending)) {
    throw new BotllmError('USAGE', messages.promptFormat(file), { hint: messages.promptFormatHint });
  }
  const given = await importDefault(full, file);
  const make = typeof given === 'function' ? (text: string): unknown => given({ text }) : () => given;
  return guarded(file, 'default', make);
}

async function importDefault(full: string, file: string): Promise<unknown> {
  await access(full).catch((cause) => {
    throw new BotllmError('USAGE', messages.noPromptFile(file), { detail: reasonOf(cause), cause });
  });
  try {
    const module: unknown = await import(pathToFileURL(full).href);
    return (module as { default?: unknown }).default;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const detail = messages.promptTypescript(process.version);
      const hint = messages.promptTypescriptHint;
      throw new BotllmError('MISSING_PREREQUISITE', messages.promptTypescriptFile(file), {
        detail,
        hint,
        cause,
      });
    }
    const hint = code === 'ERR_MODULE_NOT_FOUND' ? messages.promptModuleHint : undefined;
    throw badPrompt(file, 'default', reasonOf(cause), { hint, cause });
  }
}

/** What a user's file gives is checked before the client sees it, and what it throws names the file. */
function guarded(file: string, key: string, make: (text: string) => unknown): UserPrompt {
  return (text) => {
    let made: unknown;
    try {
      made = make(text);
    } catch (cause) {
      throw badPrompt(file, key, reasonOf(cause), { cause });
    }
    const config = CONFIG.safeParse(made);
    if (!config.success) {
      const [issue] = config.error.issues;
      throw badPrompt(file, [key, ...(issue?.path ?? [])].join('.'), issue?.message ?? '');
    }
    const prompt = made as PromptConfig<unknown>;
    const { fallback } = prompt;
    if (!fallback) return prompt;
    return {
      ...prompt,
      // A method of an object of theirs keeps its object.
      accept: (answer, facts) => prompt.accept(answer, facts),
      fallback: () => {
        try {
          return fallback.call(prompt);
        } catch (cause) {
          throw badPrompt(file, 'fallback', reasonOf(cause), { cause });
        }
      },
    };
  };
}

const isFunction = (value: unknown) => typeof value === 'function';
const CONFIG = z.object(
  {
    id: z.string().regex(/^\w{1,32}$/, messages.promptId),
    version: z.int().nonnegative(),
    messages: z
      .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
      .min(1),
    schema: z.record(z.string(), z.unknown()),
    maxTokens: z.int().positive(),
    temperature: z.number().min(0).max(2),
    accept: z.custom(isFunction, messages.promptFunction),
    fallback: z.custom(isFunction, messages.promptFunction).optional(),
  },
  messages.promptDefault,
);

import { BotllmError, isBotllmError } from '../errors.js';
import type { Source } from '../settings/source.js';
import type { Context } from './context.js';
import { messages } from './messages.js';

/** The model that is asked for, and who asked. */
export interface AskedModel {
  ref: string | undefined;
  /** Absent for an option, which stands before the reader's eyes. */
  source?: Source | undefined;
}

/** `--model` before MODEL_ID before LLM_MODEL, wherever those two were given. */
export function askedModel({ settings, configuration }: Context, option: string | undefined): AskedModel {
  if (option !== undefined) return { ref: option };
  const key = settings.modelId === undefined ? 'model' : 'modelId';
  return { ref: settings[key], source: configuration.given.get(key)?.source };
}

/** Runs `work`; where no such model is to be had, the error names the variable or the file that asked for it. */
export async function namingSource<T>({ source }: AskedModel, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const about = isBotllmError(error, 'UNKNOWN_MODEL') || isBotllmError(error, 'MODEL_UNAVAILABLE');
    if (!about || source === undefined) throw error;
    const { code, message, detail, hint, status, retryAfterMs } = error;
    throw new BotllmError(code, messages.askedBy(message, placeOf(source)), {
      ...{ detail, hint, status, retryAfterMs },
      cause: error,
    });
  }
}

function placeOf({ layer, name, file, line }: Source): string {
  if (file === undefined) return layer === 'shell' ? messages.configShell(name) : name;
  return messages.configPlace(name, line === undefined ? file : `${file}:${line}`);
}

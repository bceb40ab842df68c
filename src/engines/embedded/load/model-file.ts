import { statSync } from 'node:fs';
import type { GgufFileInfo } from 'node-llama-cpp';
import { engineMessages } from '../messages.js';
import { StartError } from '../start-error.js';
import type { BindingModule } from './binding.js';

/**
 * Reads the head of a model file and checks that the rest is there. llama.cpp maps the file into memory: one
 * that was cut while it was copied would end this process by a signal, without a word.
 * @throws StartError MODEL_BROKEN
 */
export async function readModelFile(binding: BindingModule, path: string): Promise<GgufFileInfo> {
  const size = sizeOf(path);
  let info: GgufFileInfo;
  try {
    info = await binding.readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
  } catch (cause) {
    throw broken(engineMessages.modelUnreadable, cause instanceof Error ? cause.message : path, cause);
  }
  // A model in several files is checked by llama.cpp, part by part.
  if (info.splicedParts === 1) {
    const needs = bytesNeeded(info);
    if (size < needs)
      throw broken(engineMessages.modelUnreadable, engineMessages.modelTruncated(size, needs));
  }
  return info;
}

export function broken(message: string, detail: string, cause?: unknown): StartError {
  return new StartError('MODEL_BROKEN', message, { detail, hint: engineMessages.modelHint, cause });
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (cause) {
    throw broken(engineMessages.modelMissing, path, cause);
  }
}

/** The last tensor has to begin inside the file; where it ends depends on its type, which llama.cpp checks. */
function bytesNeeded(info: GgufFileInfo): number {
  const offsets = (info.tensorInfo ?? []).map((tensor) => Number(tensor.fileOffset));
  return offsets.reduce((last, offset) => Math.max(last, offset + 1), 0);
}

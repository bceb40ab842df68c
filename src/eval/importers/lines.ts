import type { z } from 'zod';
import { MESSAGES } from '../messages.js';
import { readBounded, unreadable } from './read-file.js';

/** The lines of a JSONL file by a schema; a bad one is named. */
export async function jsonLines<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = await readBounded(file);
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [schema.parse(JSON.parse(line))];
    } catch (cause) {
      throw unreadable(file, new Error(MESSAGES.line(at + 1, cause instanceof Error ? cause.message : '')));
    }
  });
}

/** A JSON file by a schema. */
export async function jsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readBounded(file);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

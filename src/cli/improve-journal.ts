import { hash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SpecMessage } from '../actions/spec.js';

const Line = z.object({ key: z.string(), text: z.string() });

/** What runs over one specification got so far: a run that was cut goes on where it stopped. */
export interface ImproveJournal {
  get(message: SpecMessage): string | undefined;
  keep(message: SpecMessage, text: string): Promise<void>;
}

export interface JournalOptions {
  /** Folder of the journals. */
  folder: string;
  /** Which specification: its path, or its text. */
  of: string;
  /** Answers of another model, or in another tone, are not taken. */
  model: string | undefined;
  tone: string | undefined;
  /** True: what was kept is dropped. */
  anew: boolean;
}

export async function openJournal({
  folder,
  of,
  model,
  tone,
  anew,
}: JournalOptions): Promise<ImproveJournal> {
  const file = path.join(folder, `${hash('sha256', of).slice(0, 32)}.ndjson`);
  if (anew) await rm(file, { force: true });
  const kept = new Map<string, string>();
  for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n')) {
    const parsed = parse(line);
    if (parsed) kept.set(parsed.key, parsed.text);
  }
  const keyOf = (message: SpecMessage) =>
    hash('sha256', JSON.stringify([model, tone ?? message.tone, message.parseMode, message.text]));
  return {
    get: (message) => kept.get(keyOf(message)),
    async keep(message, text) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // One write a line: two runs at once spoil nothing, and of a run that is killed at most a line is lost.
      await appendFile(file, `${JSON.stringify({ key: keyOf(message), text })}\n`, { mode: 0o600 });
    },
  };
}

function parse(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

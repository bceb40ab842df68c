import { readFile, rm, stat } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** What an unfinished download must remember to go on after a kill. */
const PartNote = z.object({
  url: z.string(),
  size: z.number().int().positive(),
  /** Of the host that sends the bytes; only a strong one can guard a range. */
  etag: z.string().nullable(),
  /** Of the whole file, as the hub named it. */
  sha256: z.string().nullable(),
});
export type PartNote = z.infer<typeof PartNote>;

export interface Part {
  note: PartNote;
  bytes: number;
}

const noteOf = (part: string): string => `${part}.json`;

/** An unfinished download of this address that can be gone on with; null: begin anew. */
export async function readPart(part: string, url: string): Promise<Part | null> {
  try {
    const note = PartNote.parse(JSON.parse(await readFile(noteOf(part), 'utf8')));
    const { size: bytes } = await stat(part);
    if (note.url !== url || bytes === 0 || bytes > note.size) return null;
    // Without a validator nothing tells whether the rest belongs to what is there.
    return note.etag === null && note.sha256 === null ? null : { note, bytes };
  } catch {
    return null; // No note, or half a note: what lies there cannot be trusted.
  }
}

export async function writeNote(part: string, note: PartNote): Promise<void> {
  await writeFileAtomic(noteOf(part), `${JSON.stringify(note)}\n`);
}

export async function dropPart(part: string): Promise<void> {
  await rm(noteOf(part), { force: true });
  await rm(part, { force: true });
}

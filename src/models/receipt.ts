import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** What was found out about a file when it was fetched, so that 1.3 GB are not hashed at every start. */
const Receipt = z.object({
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What people call it, and the reference that fetches it; absent in receipts of the first version. */
  name: z.string().optional(),
  source: z.string().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

export const receiptOf = (file: string): string => `${file}.json`;

export async function writeReceipt(file: string, receipt: Receipt): Promise<void> {
  await writeFileAtomic(receiptOf(file), `${JSON.stringify(receipt)}\n`);
}

/** The receipt of a file; undefined without one, or with one of another file. */
export async function readReceipt(file: string, bytes: number): Promise<Receipt | undefined> {
  try {
    const receipt = Receipt.parse(JSON.parse(await readFile(receiptOf(file), 'utf8')));
    return receipt.bytes === bytes ? receipt : undefined;
  } catch {
    return undefined; // A receipt saves work; without one nothing is wrong.
  }
}

/** The sha256 that a file had when it arrived. */
export const knownSha256 = async (file: string, bytes: number): Promise<string | undefined> =>
  (await readReceipt(file, bytes))?.sha256;

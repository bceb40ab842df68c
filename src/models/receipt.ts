import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** What was found out about a file when it was fetched, so that 1.3 GB are not hashed at every start. */
const Receipt = z.object({
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
type Receipt = z.infer<typeof Receipt>;

const receiptOf = (file: string): string => `${file}.json`;

export async function writeReceipt(file: string, receipt: Receipt): Promise<void> {
  await writeFileAtomic(receiptOf(file), `${JSON.stringify(receipt)}\n`);
}

/** The sha256 that a file had when it arrived; undefined without a receipt, or with one of another file. */
export async function knownSha256(file: string, bytes: number): Promise<string | undefined> {
  try {
    const receipt = Receipt.parse(JSON.parse(await readFile(receiptOf(file), 'utf8')));
    return receipt.bytes === bytes ? receipt.sha256 : undefined;
  } catch {
    return undefined; // A receipt saves work; without one nothing is wrong.
  }
}

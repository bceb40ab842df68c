import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MESSAGES } from './messages.js';

/** The text of a small file, or the reason why there is none, in words. */
export type TextOfFile = { text: string } | { refusal: string; missing?: true; folder?: true };

/**
 * Reads a file that a person wrote. Links are followed (mounted configuration mostly consists of them);
 * nothing is waited for and no more than the limit is read, whatever hides behind the name.
 */
export function readSmallText(file: string, limitBytes: number): TextOfFile {
  try {
    // A named pipe must not hold the command up.
    const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = fstatSync(handle);
      if (found.isDirectory()) return { refusal: MESSAGES.aFolder, folder: true };
      if (!found.isFile()) return { refusal: MESSAGES.notRegular };
      const buffer = Buffer.alloc(limitBytes + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = readSync(handle, buffer, length, buffer.length - length, null);
      }
      if (length > limitBytes) return { refusal: MESSAGES.tooLarge(`${limitBytes / 1024} KiB`) };
      return decode(buffer.subarray(0, length));
    } finally {
      closeSync(handle);
    }
  } catch (thrown) {
    return refusalOf((thrown as NodeJS.ErrnoException).code ?? String(thrown));
  }
}

/** UTF-8 with or without a byte order mark, lines ended as on any system. */
function decode(bytes: Buffer): TextOfFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text: text.replaceAll(/\r\n?/g, '\n') };
  } catch {
    return { refusal: MESSAGES.notUtf8 };
  }
}

function refusalOf(code: string): TextOfFile {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { refusal: MESSAGES.notThere, missing: true };
  if (code === 'EACCES' || code === 'EPERM') return { refusal: MESSAGES.notAllowed };
  if (code === 'ELOOP') return { refusal: MESSAGES.linkLoop };
  if (code === 'EISDIR') return { refusal: MESSAGES.aFolder, folder: true };
  return { refusal: MESSAGES.unreadable(code) };
}

import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BotllmError } from '../../errors.js';
import { messages } from './messages.js';

/**
 * Whether a file of results can be written there: asked before an hour of work, not after it.
 * @throws BotllmError `USAGE` for a folder, for one that is not there, and for what is not ours to write
 */
export async function requirePlace(file: string): Promise<void> {
  const place = path.resolve(file);
  try {
    const found = await stat(place).catch(absent);
    if (found?.isDirectory()) throw new Error(messages.isFolder);
    // A file is replaced whole, so its folder has to take one; a pipe or a device is written to where it is.
    await access(found && !found.isFile() ? place : path.dirname(place), constants.W_OK);
  } catch (thrown) {
    throw notWritten(file, thrown as NodeJS.ErrnoException);
  }
}

/**
 * Writes a file whole or not at all: a reader never sees half of one, and a crash leaves the one that was there.
 * @throws BotllmError `USAGE` as `requirePlace`
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  await requirePlace(file);
  const found = await stat(file).catch(absent);
  const write = found && !found.isFile() ? writeFile : writeFileAtomic;
  await write(file, text).catch((thrown: NodeJS.ErrnoException) => {
    throw notWritten(file, thrown);
  });
}

function notWritten(file: string, cause: NodeJS.ErrnoException): BotllmError {
  const hint = cause.code === 'ENOENT' ? messages.makeFolder(path.dirname(file)) : messages.elsewhere;
  return new BotllmError('USAGE', messages.notWritten(file), { detail: cause.message, hint, cause });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { BotllmError } from '../errors.js';
import { readKeys } from '../gateway/keys.js';
import { readSmallText } from '../settings/read-text.js';
import { SETTINGS, type Settings } from '../settings/table.js';
import { serveMessages } from './serve-messages.js';

const FILE_LIMIT_BYTES = 64 * 1024;

/**
 * The keys that callers of the gateway need one of, from the environment and from the file that it names.
 * @throws BotllmError `BAD_CONFIG` for a key that cannot be used, and for a file without one
 */
export async function gatewayKeys({ gatewayKeys = '', gatewayKeysFile }: Settings): Promise<string[]> {
  const given = readKeys(gatewayKeys, SETTINGS.gatewayKeys.name);
  if (gatewayKeysFile === undefined) return given;
  const read = await readSmallText(gatewayKeysFile, FILE_LIMIT_BYTES);
  const hint = serveMessages.keysHint;
  if (!('text' in read)) {
    const message = serveMessages.keysFileUnread(gatewayKeysFile, read.refusal);
    throw new BotllmError('BAD_CONFIG', message, { hint });
  }
  const inFile = readKeys(read.text, gatewayKeysFile);
  // A file that was emptied by mistake must not open the door.
  if (inFile.length === 0) {
    throw new BotllmError('BAD_CONFIG', serveMessages.noKeyInFile(gatewayKeysFile), { hint });
  }
  return [...given, ...inFile];
}

import { MESSAGES } from './messages.js';
import type { Problem } from './problem.js';
import type { Given, GivenValues, Source } from './source.js';
import { SETTING_ROWS, SETTINGS, type SettingKey } from './table.js';

/** What a secret is set to travel to. */
const SENT_TO: Readonly<Partial<Record<SettingKey, SettingKey>>> = {
  hfToken: 'hfEndpoint',
  apiKey: 'baseUrl',
};

/**
 * What came with a project (its `.env`, a configuration file found upward) is the word of whoever made the
 * project: it may say how botllm behaves there, but not which program runs.
 */
export function refusePrograms(values: GivenValues, ownFolder: string) {
  const allowed = new Map(values);
  const problems: Problem[] = [];
  for (const [key, row] of SETTING_ROWS) {
    const given = values.get(key);
    if (given === undefined || !('program' in row)) continue;
    allowed.delete(key);
    const { name, file, line } = given.source;
    const message = MESSAGES.programInProject(name);
    problems.push({ file, line, name, message, hint: MESSAGES.programHint(row.name, ownFolder) });
  }
  return { values: allowed, problems };
}

/**
 * The user's secrets that would go to an address which came with a project: a clone must not be able to send
 * for them. This machine's own engine is nobody else's address.
 * @param cameAlong whether a value came with the project
 * @returns for each secret that is not sent the words for it
 */
export function withheldSecrets(
  given: ReadonlyMap<SettingKey, Given>,
  cameAlong: (source: Source) => boolean,
): Partial<Record<SettingKey, string>> {
  const withheld: Partial<Record<SettingKey, string>> = {};
  for (const [secret, target] of Object.entries(SENT_TO) as [SettingKey, SettingKey][]) {
    const [own, address] = [given.get(secret), given.get(target)];
    if (!own || !address || cameAlong(own.source) || !cameAlong(address.source)) continue;
    if (secret === 'apiKey' && isThisMachine(address.text)) continue;
    const { name, file = '' } = address.source;
    withheld[secret] = MESSAGES.secretWithheld(SETTINGS[secret].name, name, file);
  }
  return withheld;
}

function isThisMachine(address: string): boolean {
  return URL.canParse(address) && /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(new URL(address).hostname);
}

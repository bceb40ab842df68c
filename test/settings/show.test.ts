import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/models/nearest.js';
import { readConfigText } from '../../src/settings/config-file.js';
import { fileKey } from '../../src/settings/file-keys.js';
import { GUIDE_INTENTS } from '../../src/settings/intents.js';
import { envValues, resolveLayers } from '../../src/settings/resolve.js';
import { showSettings } from '../../src/settings/show.js';
import { SETTING_ROWS } from '../../src/settings/table.js';
import { jsonTemplate, yamlTemplate } from '../../src/settings/template.js';

const show = (env: Record<string, string>) =>
  Object.fromEntries(showSettings(resolveLayers([envValues(env)], '/')).map((one) => [one.setting, one]));

describe('the shown settings', () => {
  test('are all of the table, with the constant defaults as values', () => {
    const shown = show({});
    expect(Object.keys(shown)).toEqual(SETTING_ROWS.map(([key]) => key));
    expect(shown.timeoutMs).toMatchObject({ source: 'default', text: '30', value: 30_000 });
    expect(shown.model).toMatchObject({ source: 'default', text: 'what the engine serves' });
    expect(shown.model).not.toHaveProperty('value');
  });

  test('tell of a secret only that there is one, and where', () => {
    const secrets = Object.fromEntries(
      SETTING_ROWS.filter(([, row]) => row.secret).map(([, row]) => [row.name, 'sk-secret']),
    );
    const shown = show({ ...secrets, LLM_BASE_URL: 'http://me:sk-secret@host/v1' });
    expect(JSON.stringify(shown)).not.toContain('sk-secret');
    expect(shown.apiKey).toMatchObject({ set: true, source: 'shell' });
    expect(show({}).apiKey).toMatchObject({ set: false, source: 'default' });
    expect(shown.baseUrl).toMatchObject({ value: 'http://***@host/v1' });
  });
});

describe('the file that config init writes', () => {
  const read = (text: string, file = '/x/botllm.config.yaml') =>
    readConfigText(file, text, 'project', nearest);

  test('changes nothing as it is', async () => {
    expect(await read(yamlTemplate())).toEqual({ values: new Map(), problems: [] });
    const json = await read(jsonTemplate(), '/x/botllm.config.json');
    expect(json).toMatchObject({ problems: [], intents: { names: GUIDE_INTENTS } });
    expect(json.values.size).toBe(0);
  });

  test('names every setting, and with every # away it says the defaults', async () => {
    const text = yamlTemplate();
    for (const [key] of SETTING_ROWS) expect(text).toContain(`\n#${fileKey(key)}:`);
    const { values, problems, intents } = await read(text.replaceAll(/^#(?=[a-z]| {2})/gm, ''));
    const resolved = resolveLayers([values], '/');
    expect([problems, resolved.problems]).toEqual([[], []]);
    expect(resolved.settings).toMatchObject({ timeoutMs: 30_000, rateLimit: 10, port: 11_434 });
    expect(intents?.names).toEqual(GUIDE_INTENTS);
  });
});

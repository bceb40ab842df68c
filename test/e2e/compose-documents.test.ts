import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { outcome, wish } from '../engines/compose/matrix.js';
import { COMPOSE_FILE, compose, FLAVOURS } from '../support/compose-flavours.js';
import { hasDocker } from '../support/docker.js';

const folder = mkdtempSync(path.join(tmpdir(), 'botllm-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an engine's container may be given beside a model: cards, a key, a secret of the hub. */
const CASES = (['llamacpp', 'vllm', 'ollama', 'tgi'] as const).flatMap((family) => [
  { family, name: 'as it comes', asked: wish(family) },
  {
    family,
    name: 'two cards and a key',
    asked: wish(family, { gpus: ['0', '1'], apiKey: true, hfToken: true }),
  },
]);

describe.runIf(hasDocker).each(FLAVOURS)('by $name', (flavour) => {
  test.each(CASES)(
    'the document of $family, $name, is read as it was meant',
    async ({ family, name, asked }) => {
      const made = outcome(asked);
      if ('refused' in made) throw new Error(made.refused);
      const file = path.join(folder, `${family}-${name}.yml`);
      writeFileSync(file, made.document);
      const secrets = { LLM_API_KEY: 'the key', HF_TOKEN: 'the token' };
      const { services } = parse(await compose(flavour, secrets, '-f', file, 'config'));
      const meant = parse(made.document).services.llm;
      // To Compose a doubled dollar is one.
      const plain = (words: readonly string[] = []) => words.map((word) => word.replaceAll('$$', '$'));
      expect(services.llm.command ?? []).toEqual(plain(meant.command));
      expect(services.llm).toMatchObject({ container_name: 'botfactory-llm', restart: 'unless-stopped' });
      expect(JSON.stringify(services.llm.ports)).toContain('11434');
    },
  );

  test('the guide’s file is read, alone and with the overlay for a GPU', async () => {
    const env = { COMPOSE_PROJECT_NAME: 'botllmtest' };
    const alone = parse(await compose(flavour, env, '-f', COMPOSE_FILE, '--profile', 'redis', 'config'));
    // docker-compose 1.29 prints those of other profiles as well.
    expect(Object.keys(alone.services)).toEqual(expect.arrayContaining(['llm', 'redis']));
    const watched = ['--profile', 'prometheus', '--profile', 'grafana', 'config'];
    const { services } = parse(await compose(flavour, env, '-f', COMPOSE_FILE, ...watched));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['grafana', 'llm', 'prometheus']));
    const overlay = ['-f', COMPOSE_FILE, '-f', 'deploy/docker-compose.gpu.yml', 'config'];
    const both = parse(await compose(flavour, env, ...overlay));
    expect(JSON.stringify(both.services.llm.deploy)).toContain('nvidia');
  });
});

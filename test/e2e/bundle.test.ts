import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { rolldown } from 'rolldown';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../support/cli.js';

const BOT = `
import { BotllmError, createLlmClient, settingsFromEnv } from ${JSON.stringify(path.join(ROOT, 'dist/index.js'))};
const llm = createLlmClient(settingsFromEnv({ LLM_ENABLED: 'false' }));
const refused = await llm.chat({ messages: [{ role: 'user', content: 'hi' }] }).catch((error) => error);
process.stdout.write(JSON.stringify({ code: refused.code, family: refused instanceof BotllmError }));
await llm.close();
`;

it('a bot that its developer bundles runs where neither botllm nor its dependencies are installed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'botllm-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const source = path.join(folder, 'bot.mjs');
  writeFileSync(source, BOT);
  const bundle = await rolldown({ input: source, platform: 'node', external: /^node:/ });
  const out = path.join(folder, 'out');
  await bundle.write({ dir: out, format: 'esm', entryFileNames: 'bot.mjs' });
  await bundle.close();
  rmSync(source);
  const run = await execa(process.execPath, [path.join(out, 'bot.mjs')], { cwd: folder });
  expect(JSON.parse(run.stdout)).toEqual({ code: 'DISABLED', family: true });
});

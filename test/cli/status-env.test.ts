import { execa } from 'execa';
import { expect, test } from 'vitest';
import { exportLines } from '../../src/cli/export-lines.js';

test('the lines of `status --env` mean to a shell what they say, whatever an engine calls itself', async () => {
  const variables = {
    LLM_ENABLED: 'true',
    LLM_BASE_URL: 'http://127.0.0.1:11434/?a=1&b=2',
    LLM_MODEL: `my model'; $(echo run >&2) \`echo run >&2\` "$HOME" \\`,
    REDIS_URL: 'redis://u:p#w$1@h:6379/0',
  };
  const names = Object.keys(variables);
  const script = `eval "$1"; printf '%s\\n' ${names.map((name) => `"$${name}"`).join(' ')}`;
  const { stdout, stderr } = await execa('sh', ['-c', script, '_', exportLines(variables)]);
  expect([stdout.split('\n'), stderr]).toEqual([Object.values(variables), '']);
});

test('what is plain stays as the guide has it', () => {
  expect(
    exportLines({ LLM_BASE_URL: 'http://llm:11434', LLM_MODEL: 'microsoft/Phi-3-mini-4k-instruct' }),
  ).toBe('export LLM_BASE_URL=http://llm:11434\nexport LLM_MODEL=microsoft/Phi-3-mini-4k-instruct');
});

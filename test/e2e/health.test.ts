import { expect, test } from 'vitest';
import { Operator } from '../support/cli.js';
import { FakeEngineProcess } from '../support/fake-engine-process.js';

test('botllm health says what an engine is, by word and by exit code, and costs it no token', async () => {
  await using operator = await Operator.create();
  const engine = await FakeEngineProcess.start({ mode: 'loading' });
  const health = async () => {
    const { exitCode, json } = await operator.run('health', '--base-url', engine.url, '--json');
    return [json().data.state, exitCode];
  };
  try {
    expect(await health()).toEqual(['loading', 4]);
    await engine.behave({ mode: 'ready' });
    expect(await health()).toEqual(['ready', 0]);
    engine.freeze();
    expect(await health()).toEqual(['unhealthy', 4]);
    engine.thaw();
    expect(await health()).toEqual(['ready', 0]);
    expect(await engine.stats()).toMatchObject({ posts: 0, tokens: 0 });
    await engine.kill();
    expect(await health()).toEqual(['stopped', 3]);
  } finally {
    await engine.kill();
  }
});

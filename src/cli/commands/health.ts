import { BotllmError } from '../../errors.js';
import { clientFor } from '../client.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { messages, STATE_WORDS } from '../messages.js';
import { nextStep } from '../next-step.js';
import { exitOf, noteOtherModel, observe } from '../observe.js';

const DEFAULT_WAIT_MS = 15 * 60_000;
const POLL_MS = 250;

export const health: CommandSpec = {
  path: 'health',
  summary: 'one word for scripts: ready, loading, not running …',
  options: [
    { flags: '--wait', description: 'wait until it is ready (at most --timeout, 15m by default)' },
    { flags: '--deep', description: 'also make one token' },
  ],
  examples: ['botllm health', 'botllm health --wait --timeout 2m && ./start-bots'],
  handler: async (ctx, { options }) => {
    const found = options.wait === true ? await waitFor(ctx) : await observe(ctx);
    await noteOtherModel(ctx, found);
    const base = { state: found.state, endpoint: found.endpoint, model: found.model };
    if (found.state !== 'ready' || options.deep !== true) {
      const text = () => STATE_WORDS[found.state];
      return { schema: 'health', data: base, text, exitCode: exitOf(found.state) };
    }
    const startedAt = performance.now();
    await using llm = await clientFor(ctx, found);
    await llm.completePrompt(
      { prompt: 'Hi', maxTokens: 1 },
      { signal: ctx.signal, limit: false, cache: false },
    );
    const tokenMs = Math.round(performance.now() - startedAt);
    const text = () => `${STATE_WORDS.ready}: ${messages.deepOk(tokenMs)}`;
    return { schema: 'health', data: { ...base, tokenMs }, text };
  },
};

/** Waits out `loading`; what is not even started will not become ready by waiting, unless it is remote. */
async function waitFor(ctx: Context) {
  const { setTimeout: sleep } = await import('node:timers/promises');
  const giveUpAt = performance.now() + (ctx.timeoutMs ?? DEFAULT_WAIT_MS);
  for (;;) {
    const found = await observe(ctx);
    if (found.state === 'ready' || (found.state === 'stopped' && found.engine !== 'remote')) return found;
    if (performance.now() > giveUpAt) {
      throw new BotllmError('NOT_READY', messages.healthTimeout(messages.condition[found.state]), {
        hint: nextStep(found),
      });
    }
    await sleep(POLL_MS, undefined, { signal: ctx.signal });
  }
}

import type { Context } from './context.js';
import { messages } from './messages.js';
import { exitOf, observe } from './observe.js';
import type { Outcome } from './output.js';
import { fields, type Style } from './style.js';

/** Nothing to start: somebody else runs it. What remains is to wait until it answers. */
export async function waitForRemote(ctx: Context, endpoint: string): Promise<Outcome> {
  const { signal, timeoutMs = 60_000 } = ctx;
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const found = await observe(ctx);
    if (found.state === 'ready' || performance.now() > giveUpAt) {
      const text = (style: Style) =>
        fields(
          [
            ['engine', messages.whyRemote],
            ['endpoint', endpoint],
            ['state', messages.condition[found.state]],
          ],
          style,
        );
      return {
        schema: 'up',
        data: { ...found, alreadyRunning: true, why: messages.whyRemote },
        text,
        exitCode: exitOf(found.state),
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
    signal.throwIfAborted();
  }
}

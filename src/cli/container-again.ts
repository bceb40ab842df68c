import { proveToken } from '../engines/compose/ask.js';
import type { ComposeChoice } from '../engines/compose/choice.js';
import { inspectContainer } from '../engines/compose/container.js';
import { requireOurs } from '../engines/compose/down.js';
import { FAMILIES } from '../engines/compose/plan.js';
import { waitForContainer } from '../engines/compose/wait.js';
import { BotllmError } from '../errors.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';
import { messages } from './messages.js';
import { warmPrefixes } from './warm-prefixes.js';

const READY_WITHIN_MS = 30 * 60_000;
const GRACE_S = '15';

/** The same container again, until it can make a token. */
export async function restartContainer(ctx: Context, choice: ComposeChoice): Promise<void> {
  const run = toolsOf(ctx);
  const { container, endpoint, family, model } = choice;
  const found = await inspectContainer(run, container);
  if (found === undefined) {
    throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: 'botllm up --engine compose' });
  }
  requireOurs(found, Object.values(containerNames(ctx)));
  const progress = ctx.out.progress();
  try {
    progress.step(messages.phase.start);
    await run('docker', ['restart', '-t', GRACE_S, container], { timeoutMs: 90_000 });
    const asking = { endpoint, apiKey: ctx.settings.apiKey, signal: ctx.signal };
    const restartsBefore = (await inspectContainer(run, container))?.restarts ?? 0;
    await waitForContainer({
      ...{ ...asking, run, container, restartsBefore, family: FAMILIES[family] },
      readyWithinMs: ctx.timeoutMs ?? READY_WITHIN_MS,
      onPhase: (phase) => progress.step(messages.phase[phase]),
    });
    progress.step(messages.phase.probe);
    await proveToken(model, asking);
    progress.step(messages.phase.prefixes);
    await warmPrefixes(ctx, choice);
  } finally {
    progress.done();
  }
}

import { readChoice } from '../../engines/compose/choice.js';
import { liveState, readState } from '../../engines/state.js';
import { GRACE_MS, stopEngine } from '../../engines/stop.js';
import { BotllmError } from '../../errors.js';
import { bringUp, requestAsItWas } from '../bring-up.js';
import { restartContainer } from '../container-again.js';
import { containerMessages } from '../container-messages.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { exitOf, observe } from '../observe.js';
import { installedService } from '../service.js';
import { restartService } from '../service-up.js';

export const restart: CommandSpec = {
  path: 'restart',
  summary: 'stop the engine and start it again as it was, until it is ready',
  examples: ['botllm restart', 'botllm restart --timeout 5m'],
  handler: async (ctx) => {
    const { layout } = ctx;
    const state = (await liveState(layout)) ?? (await readState(layout));
    const choice = state ? null : await readChoice(layout);
    if (!state && !choice) {
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: 'botllm up' });
    }
    const startedAt = performance.now();
    const service = state?.service === undefined ? null : await installedService(ctx);
    if (choice) await restartContainer(ctx, choice);
    else if (service) await restartService(ctx, service);
    else if (state) {
      await stopEngine(layout, state, GRACE_MS);
      await bringUp(ctx, requestAsItWas(state));
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const found = await observe({ ...ctx, remoteUrl: async () => undefined });
    const text = () => containerMessages.restarted(found.model ?? '', seconds);
    return {
      schema: 'restart',
      data: { ...found, downtimeS: Number(seconds) },
      text,
      exitCode: exitOf(found.state),
    };
  },
};

import type { JournalContext, OpenJournal } from '../bench/lifecycle/journal.js';
import { type OperatorsEngine, operatorsEngine, servedBy } from '../bench/lifecycle/operators-engine.js';
import { toolRunner } from '../engines/compose/run-tool.js';
import { lifecycleMessages } from './bench-lifecycle-messages.js';
import { bringUp, requestAsItWas } from './bring-up.js';
import { bringContainerBack } from './container-back.js';
import type { Context } from './context.js';
import { containerNames, toolsOf } from './docker.js';
import { failed } from './exchange.js';
import { asBotllmError } from './output.js';
import { installedService } from './service.js';
import { restartService } from './service-up.js';

const START_MS = 15 * 60_000;

/**
 * Stops the operator's engine until the measurement is over, where one runs.
 * @returns its model
 */
export async function stopRunning(ctx: Context, journal: OpenJournal): Promise<string | undefined> {
  const running = await operatorsEngine(ctx.layout, toolsOf(ctx));
  if (!running) return undefined;
  ctx.out.note(lifecycleMessages.stopping(servedBy(running)));
  await journal.stopRunning(running);
  return servedBy(running);
}

async function bringBack(ctx: Context, engine: OperatorsEngine): Promise<void> {
  if (engine.engine === 'compose') return bringContainerBack(ctx, engine);
  const service = engine.service === undefined ? null : await installedService(ctx);
  if (service) return restartService(ctx, service);
  await bringUp(ctx, requestAsItWas(engine));
}

/** How the bench puts things right. */
export function journalContext(ctx: Context): JournalContext {
  return {
    layout: ctx.layout,
    sweep: toolRunner(ctx.childEnv),
    known: Object.values(containerNames(ctx)),
    service: () => installedService(ctx),
    bringBack: async (engine) => {
      ctx.out.note(lifecycleMessages.bringingBack(servedBy(engine)));
      // Ctrl-C ended the bench, and its --timeout is that of a request; what it took away comes back all the same.
      const patient = { ...ctx, signal: AbortSignal.timeout(START_MS), timeoutMs: undefined };
      try {
        await bringBack(patient, engine);
      } catch (thrown) {
        throw failed(asBotllmError(thrown), lifecycleMessages.notBroughtBack(servedBy(engine)));
      }
    },
    onRecovered: ({ stoppedOwn }) => ctx.out.note(lifecycleMessages.recovered(stoppedOwn)),
  };
}

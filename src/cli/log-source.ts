import { existsSync } from 'node:fs';
import { readChoice } from '../engines/compose/choice.js';
import { findContainer, inspectContainer } from '../engines/compose/container.js';
import { BotllmError } from '../errors.js';
import { containerMessages } from './container-messages.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';
import { messages } from './messages.js';

/** Whose log: the engine, the Redis beside it, the gateway, the bots' own container. */
export const LOG_OF = ['llm', 'redis', 'gateway', 'runtime'] as const;
export type LogOf = (typeof LOG_OF)[number];

/** A file of this home, or a container of Docker's. */
export type LogSource = { file: string } | { container: string };

/**
 * Where that log is. An engine of this home that runs has a file; else the container that `up` chose, else the file
 * of the last one, else a container that the guide's own line started.
 * @throws BotllmError `ENGINE_NOT_RUNNING`, `MISSING_PREREQUISITE` where Docker cannot be asked
 */
export async function logSource(ctx: Context, of: LogOf): Promise<LogSource> {
  const { layout, settings } = ctx;
  const choice = await readChoice(layout);
  switch (of) {
    case 'llm': {
      const hasFile = existsSync(layout.engineLog);
      if (hasFile && (choice === null || (await ctx.liveEngine()))) return { file: layout.engineLog };
      if (choice) return existing(ctx, of, choice.container);
      const container = settings.llmContainer ?? 'botfactory-llm';
      if (await findContainer(toolsOf(ctx), container)) return { container };
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noLog, { hint: messages.noLogHint });
    }
    case 'redis':
      return existing(ctx, of, choice?.redis?.container ?? settings.redisContainer ?? 'botfactory-redis');
    case 'gateway':
      return existing(ctx, of, settings.gatewayContainer ?? 'botfactory-gateway');
    case 'runtime':
      return existing(ctx, of, settings.runtimeContainer ?? 'botfactory-runtime');
  }
}

async function existing(ctx: Context, of: LogOf, container: string): Promise<LogSource> {
  const run = toolsOf(ctx);
  if (await inspectContainer(run, container)) return { container };
  throw new BotllmError('ENGINE_NOT_RUNNING', containerMessages.noContainer(container), {
    hint: containerMessages.noContainerHint[of],
  });
}

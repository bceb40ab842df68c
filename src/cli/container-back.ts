import type { ComposeChoice } from '../engines/compose/choice.js';
import { inspectContainer } from '../engines/compose/container.js';
import { bringUpContainer } from './compose-up.js';
import { restartContainer } from './container-again.js';
import { optionsAsItWas } from './container-as-it-was.js';
import type { Context } from './context.js';
import { toolsOf } from './docker.js';

/**
 * Has a container that was stopped serve again: the very same one, or, where somebody removed it meanwhile, one that
 * is made as it was.
 * @throws BotllmError as `restart` and `up --engine compose` do
 */
export async function bringContainerBack(ctx: Context, choice: ComposeChoice): Promise<void> {
  const found = await inspectContainer(toolsOf(ctx), choice.container);
  if (found) return restartContainer(ctx, choice);
  await bringUpContainer(ctx, optionsAsItWas(choice), choice);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { forgetChoice } from '../../engines/compose/choice.js';
import { findContainer } from '../../engines/compose/container.js';
import type { ComposeWish } from '../../engines/compose/order.js';
import type { RunTool } from '../../engines/compose/run-tool.js';
import { type ComposeUpContext, composeUp } from '../../engines/compose/up.js';
import type { HomeLayout } from '../../settings/home.js';

/** Beside an operator's own container, network or project of this name. */
export const ownName = (name: string): string => `${name}-bench`;

/** As Docker writes names; no record may name a container that is not the bench's. */
const OwnName = z.string().regex(/^[A-Za-z0-9][\w.-]*-bench$/);

export const OwnContainer = z.object({ container: OwnName, network: OwnName });
export type OwnContainer = z.infer<typeof OwnContainer>;

const SETTLE_MS = 500;

/**
 * Serves a model in a container of the bench's own while `work` measures it, and removes it however that ends.
 * @param wish with names of the bench's own, and a free port
 * @param ctx its layout is the bench's
 * @throws BotllmError as `composeUp` does
 */
export async function withOwnContainer<T>(
  wish: ComposeWish,
  ctx: ComposeUpContext,
  work: (facts: { loadMs: number | undefined }) => Promise<T>,
): Promise<T> {
  const { container, network } = wish;
  let loadsSince: number | undefined;
  try {
    const { readyAt } = await composeUp(wish, {
      ...ctx,
      onPhase: (phase, progress) => {
        // Images and weights are fetched before: that is no load.
        if (phase === 'load') loadsSince ??= performance.now();
        ctx.onPhase(phase, progress);
      },
    });
    return await work({ loadMs: loadsSince === undefined ? undefined : readyAt - loadsSince });
  } finally {
    // Compose, interrupted, may have asked Docker for one more container.
    if (ctx.signal.aborted) await sleep(SETTLE_MS);
    await removeOwnContainer({ container, network }, ctx.layout, ctx.sweep);
  }
}

/**
 * Nothing that is not Compose's engine goes, whatever a record says.
 * @param layout the bench's
 * @returns whether there was one
 */
export async function removeOwnContainer(
  { container, network }: OwnContainer,
  layout: HomeLayout,
  run: RunTool,
): Promise<boolean> {
  const found = await findContainer(run, container);
  const isOurs = found?.labels['com.docker.compose.service'] === 'llm';
  if (found && isOurs) await run('docker', ['rm', '-f', '-v', found.name], { timeoutMs: 60_000 });
  await run('docker', ['network', 'rm', network]);
  await forgetChoice(layout);
  return isOurs;
}

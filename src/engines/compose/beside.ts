import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { freePort } from '../beside/free-port.js';
import { forgetBeside, writeBeside } from '../beside/record.js';
import { DEFAULT_HOST } from '../started-with.js';
import { proveToken } from './ask.js';
import { findContainer } from './container.js';
import type { LoadPhase } from './families/contract.js';
import { SAY } from './messages.js';
import { hasNetwork } from './network.js';
import { type ComposeWish, orderOf } from './order.js';
import { FAMILIES, planContainer } from './plan.js';
import { type ComposeSurroundings, composeRun } from './run.js';
import type { RunTool } from './run-tool.js';
import { startFault } from './start-fault.js';
import { logTail, waitForContainer } from './wait.js';

export interface BesideContext extends ComposeSurroundings {
  layout: HomeLayout;
  /** The same without the signal: what was started goes also after Ctrl-C. */
  sweep: RunTool;
  project: string;
  signal: AbortSignal;
  timeoutMs: number;
  onPhase: (phase: 'start' | 'probe' | LoadPhase, progress?: number) => void;
  /** The end of its log, when it failed. */
  onLog: (lines: readonly string[]) => void;
}

/** `fetch`: until the weights lie in the volume. `try`: until it made a token. */
export type BesideGoal = 'fetch' | 'try';

/** Marks what `switch` starts beside the container that serves. */
export const BESIDE_LABEL = 'botllm.beside';
const SETTLE_MS = 500;
/** What is only to fetch holds next to nothing in memory. */
const LEAST_TOKENS = 256;

/** What runs beside a container of that name, or is made for it, is called so. */
export const besideName = (name: string): string => `${name}-beside`;

/**
 * A container of llama.cpp beside the one that serves, on a port of its own, with the same volume of weights: it
 * fetches them, or proves that the model comes up, and goes. It is in the other's network, where a mirror of the hub
 * may be, and does not answer to the name `llm` there.
 * @throws BotllmError why it did not come up; the other one goes on answering
 */
export async function runBeside(wish: ComposeWish, goal: BesideGoal, ctx: BesideContext): Promise<void> {
  await withBeside(wish, ctx, async () => {
    const own = besideWish(wish, goal, await freePort(DEFAULT_HOST));
    const { plan } = await start(own, wish.network, ctx);
    const { run, secrets, signal, timeoutMs, onPhase } = ctx;
    const asking = { endpoint: `http://${DEFAULT_HOST}:${own.port}`, apiKey: secrets.apiKey, signal };
    await waitForContainer({
      ...{ ...asking, run, container: own.container, restartsBefore: 0, onPhase },
      family: FAMILIES.llamacpp,
      readyWithinMs: timeoutMs,
      until: goal === 'fetch' ? 'fetched' : 'ready',
    });
    if (goal === 'fetch') return;
    onPhase('probe');
    await proveToken(plan.served, asking);
  });
}

/** Records what is started beside, and takes it down whatever becomes of it. */
export async function withBeside(
  wish: Pick<ComposeWish, 'container' | 'network'>,
  { layout, sweep, signal, onLog }: Pick<BesideContext, 'layout' | 'sweep' | 'signal' | 'onLog'>,
  work: () => Promise<void>,
): Promise<void> {
  await removeBeside(sweep, wish);
  await writeBeside(layout, { container: true });
  try {
    await work();
  } catch (error) {
    const logged = signal.aborted ? '' : await logTail(sweep, besideName(wish.container));
    if (logged.trim() !== '') onLog(logged.trim().split('\n'));
    throw error;
  } finally {
    // Compose, interrupted, may have asked Docker for one more container.
    if (signal.aborted) await sleep(SETTLE_MS);
    await removeBeside(sweep, wish);
    await forgetBeside(layout);
  }
}

/** Also what a `switch` left behind that was killed; nothing that is not ours. */
export async function removeBeside(
  run: RunTool,
  { container, network }: Pick<ComposeWish, 'container' | 'network'>,
): Promise<void> {
  const found = await findContainer(run, besideName(container));
  const { 'com.docker.compose.service': service, [BESIDE_LABEL]: mark } = found?.labels ?? {};
  if (found && (service === 'llm' || mark !== undefined))
    await run('docker', ['rm', '-f', '-v', found.name], { timeoutMs: 60_000 });
  await run('docker', ['network', 'rm', besideName(network)]);
}

function besideWish(wish: ComposeWish, goal: BesideGoal, port: number): ComposeWish {
  const { container, network } = wish;
  // The image that will serve: it is here already, and without a card it fetches just as well.
  const image = wish.image ?? planContainer(wish).service.image;
  return {
    ...wish,
    ...{ container: besideName(container), network: besideName(network), port, image, bind: DEFAULT_HOST },
    ...(goal === 'fetch' ? { gpus: [], runtime: undefined, totalTokens: LEAST_TOKENS } : {}),
  };
}

async function start(own: ComposeWish, network: string, ctx: BesideContext) {
  const { layout, run, project, onPhase } = ctx;
  const order = await orderOf(own, layout);
  const { files, env } = order;
  onPhase('start');
  const stack = { project: besideName(project), files, env };
  await composeRun(stack, ctx, ['up', '--no-start', 'llm'], ctx.onCompose);
  if (await hasNetwork(run, network)) await run('docker', ['network', 'connect', network, own.container]);
  const started = await run('docker', ['start', own.container], { timeoutMs: 60_000 });
  if (started.exitCode === 0) return order;
  const detail = started.stderr.trim().slice(0, 300);
  throw startFault(started) ?? new BotllmError('ENGINE_FAILED', SAY.composeFailed, { detail });
}

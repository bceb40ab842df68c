import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotllmError } from '../../errors.js';
import type { HomeLayout } from '../../settings/home.js';
import { sweepBeside } from '../beside/record.js';
import { withEngineLock } from '../lock.js';
import { rotateLog } from '../log-rotation.js';
import { liveState } from '../state.js';
import { adopt, differencesOf, endpointOf } from './adopt.js';
import { proveToken } from './ask.js';
import { removeBeside } from './beside.js';
import { type ComposeChoice, forgetChoice, readChoice, writeChoice } from './choice.js';
import { type Container, inspectContainer, isUp } from './container.js';
import { requireDocker } from './docker.js';
import type { LoadPhase } from './families/contract.js';
import { SAY } from './messages.js';
import { hasNetwork } from './network.js';
import { type ComposeOrder, type ComposeWish, common, orderOf, SHIPPED_FILE } from './order.js';
import { FAMILIES } from './plan.js';
import { portOwner, requireFreePublication } from './ports.js';
import { redisUrlOf, reusedRedis, waitForRedis } from './redis.js';
import { composeRun, composeStart } from './run.js';
import type { RunTool } from './run-tool.js';
import { takeSteps } from './steps.js';
import { type ContainerWait, logTail, waitForContainer } from './wait.js';

const PROJECT_LABEL = 'com.docker.compose.project';
const SETTLE_MS = 500;

export interface ComposeUpContext {
  layout: HomeLayout;
  run: RunTool;
  /** The same without the signal: what was started is taken down after Ctrl-C, too. */
  sweep: RunTool;
  /** Secrets reach Compose by its environment and nothing else. */
  secrets: { hfToken?: string | undefined; apiKey?: string | undefined };
  project: string;
  signal: AbortSignal;
  timeoutMs: number;
  /** Null: none is wanted, or another one is named. */
  wantsRedis: boolean;
  /** What an engine had beside it that was taken down for this one; default: what the record names. */
  formerRedis?: ComposeChoice['redis'] | undefined;
  onPhase: (phase: 'checks' | 'start' | 'probe' | LoadPhase, progress?: number) => void;
  /** A line of Compose, which fetches images of gigabytes. */
  onCompose: (line: string) => void;
  onNotice: (text: string) => void;
  /** The end of the container's log, when it failed. */
  onLog: (lines: readonly string[]) => void;
  onWait: () => void;
}

export interface ComposeUpResult {
  choice: ComposeChoice;
  container: Container;
  alreadyRunning: boolean;
  /** Started, or adopted, by this call: nobody has warmed it up yet. */
  isNew: boolean;
  /** When it could make a token, on `performance`'s clock, milliseconds. */
  readyAt: number;
}

/**
 * Makes sure that the container runs and can make a token; idempotent. A stack that the guide's own line started is
 * taken as it is. What this call started is removed again when it fails or is interrupted.
 * @throws BotllmError `MISSING_PREREQUISITE`, `PORT_TAKEN`, `NOT_ENOUGH_MEMORY`, `NOT_READY`, `ENGINE_FAILED` …
 */
export async function composeUp(wish: ComposeWish, ctx: ComposeUpContext): Promise<ComposeUpResult> {
  const { layout, run, signal, timeoutMs, onPhase, onWait } = ctx;
  return withEngineLock(layout, { signal, waitMs: timeoutMs, onWait }, async () => {
    onPhase('checks');
    await requireDocker(run);
    await sweepBeside(layout, () => removeBeside(run, wish));
    const own = await liveState(layout);
    if (own) {
      throw new BotllmError('PORT_TAKEN', SAY.processRuns(own.engine), {
        hint: 'botllm down && botllm up --engine compose',
      });
    }
    await requireNoOtherName(wish, ctx);
    const found = await inspectContainer(run, wish.container);
    if (isUp(found)) return joinRunning(found, wish, ctx);
    if (found !== undefined && found.labels['com.docker.compose.service'] === undefined) {
      throw new BotllmError('PORT_TAKEN', SAY.foreignContainer(found.name), {
        hint: SAY.foreignContainerHint(found.name),
      });
    }
    return startNew(found, wish, ctx);
  });
}

/** A home has one engine: its record is what `down` finds it by. */
async function requireNoOtherName(
  { container }: ComposeWish,
  { layout, run }: ComposeUpContext,
): Promise<void> {
  const recorded = await readChoice(layout);
  if (recorded === null || recorded.container === container) return;
  const other = await inspectContainer(run, recorded.container);
  if (!isUp(other)) return;
  throw new BotllmError('PORT_TAKEN', SAY.otherName(recorded.container), { hint: 'botllm down' });
}

async function joinRunning(
  found: Container,
  wish: ComposeWish,
  ctx: ComposeUpContext,
): Promise<ComposeUpResult> {
  const recorded = await readChoice(ctx.layout);
  const differences = differencesOf(found, wish);
  if (differences.length > 0) {
    throw new BotllmError(
      'PORT_TAKEN',
      SAY.otherModelRuns(wish.asked ?? '…', found.env.MODEL_ID ?? found.image),
      {
        detail: differences.join('; '),
        hint: wish.asked === undefined ? 'botllm down && botllm up …' : SAY.otherModelRunsHint(wish.asked),
      },
    );
  }
  const ours = recorded?.container === found.name ? recorded : undefined;
  if (!ours) ctx.onNotice(SAY.adopted(found.name));
  const base = ours ?? adopt(found, wish);
  const redis = base.redis ?? (await withRedis(base, wish, ctx, () => {}));
  await makeReady(base, found.restarts, ctx);
  const readyAt = performance.now();
  const whole = { ...base, redis };
  await writeChoice(ctx.layout, whole);
  const container = await present(ctx.run, found.name);
  return { choice: whole, container, alreadyRunning: true, isNew: ours === undefined, readyAt };
}

async function startNew(
  found: Container | undefined,
  wish: ComposeWish,
  given: ComposeUpContext,
): Promise<ComposeUpResult> {
  // What another checkout's line made is made again as part of that project: a name belongs to one.
  const ctx = { ...given, project: found?.labels[PROJECT_LABEL] ?? given.project };
  const { layout, run, onPhase, onNotice } = ctx;
  const order = await orderOf(wish, layout);
  for (const notice of order.plan.notices) onNotice(notice);
  if (wish.family === 'tgi') {
    const hint = SAY.generatedOnlyHint(layout.composeFile);
    throw new BotllmError('MISSING_PREREQUISITE', SAY.generatedOnly, { hint });
  }
  await requireFreePublication(run, wish.bind, wish.port);
  onPhase('start');
  const choice = choiceOf(wish, order, ctx);
  const started = [wish.container];
  const hadNetwork = await hasNetwork(run, wish.network);
  try {
    await composeStart(choice, ctx);
    const redis = await withRedis(choice, wish, ctx, (name) => started.push(name));
    const whole = { ...choice, redis };
    await writeChoice(layout, whole);
    if (order.plan.steps.length > 0) {
      await waitForContainer({ ...waiting(whole, 0, ctx), until: 'listening' });
      await takeSteps(order.plan, whole.endpoint, ctx);
    }
    await makeReady(whole, 0, ctx);
    const readyAt = performance.now();
    const container = await present(run, wish.container);
    return { choice: whole, container, alreadyRunning: false, isNew: true, readyAt };
  } catch (error) {
    await takeDown(started, hadNetwork ? undefined : wish.network, ctx);
    throw error;
  }
}

function choiceOf(
  wish: ComposeWish,
  { plan, files, env }: ComposeOrder,
  ctx: ComposeUpContext,
): ComposeChoice {
  const { family, container, bind, port, asked, gpus } = wish;
  return {
    ...{ schema: 1, engine: 'compose', family, container, project: ctx.project, files, env },
    endpoint: endpointOf(bind, port),
    ...{ port, model: plan.served, gpus: [...gpus], adopted: false, redis: null },
    ...(asked === undefined ? {} : { asked }),
    ...(wish.quantize === undefined ? {} : { quantize: wish.quantize }),
    context: plan.context,
    ...(plan.slots === undefined ? {} : { slots: plan.slots }),
    startedAt: new Date().toISOString(),
  };
}

/** Redis beside the engine: one that runs already is used, else Compose makes it. */
async function withRedis(
  { project }: ComposeChoice,
  wish: ComposeWish,
  ctx: ComposeUpContext,
  onStarted: (container: string) => void,
): Promise<ComposeChoice['redis']> {
  const { run, onNotice, signal } = ctx;
  const name = wish.redisContainer;
  if (!ctx.wantsRedis) return null;
  const before = ctx.formerRedis ?? (await readChoice(ctx.layout))?.redis;
  const reused = await reusedRedis(run, name);
  if (reused) onNotice(SAY.redisReused(name));
  else {
    const owner = await portOwner(run, '127.0.0.1', wish.redisPort);
    if (owner !== undefined) {
      onNotice(SAY.redisPortTaken(wish.redisPort, owner));
      return null;
    }
    onStarted(name);
    // By the settings alone: a record that came with a home must not say what is run.
    const stack = { project, files: [SHIPPED_FILE], env: common(wish) };
    await composeRun(stack, ctx, ['up', '-d', 'redis'], ctx.onCompose);
  }
  const container = await waitForRedis(run, name, signal);
  const url = redisUrlOf(container);
  if (container.wantsPassword) {
    onNotice(SAY.redisWantsPassword(name));
    return null;
  }
  // One that an earlier `up` of this home started goes with its `down`.
  const started = reused === undefined || (before?.container === name && before.started);
  if (url !== null) return { container: name, url, started };
  onNotice(SAY.redisUnreachable(name));
  return null;
}

/** Ready, listed, one token. */
async function makeReady(
  choice: ComposeChoice,
  restartsBefore: number,
  ctx: ComposeUpContext,
): Promise<void> {
  const wait = waiting(choice, restartsBefore, ctx);
  await waitForContainer(wait);
  ctx.onPhase('probe');
  await proveToken(choice.model, wait);
}

function waiting(
  { endpoint, container, family }: ComposeChoice,
  restartsBefore: number,
  { run, signal, secrets, timeoutMs, onPhase }: ComposeUpContext,
): ContainerWait {
  return {
    ...{ endpoint, apiKey: secrets.apiKey, signal, run, container, restartsBefore, onPhase },
    family: FAMILIES[family],
    readyWithinMs: timeoutMs,
  };
}

/** What this call started goes again, also after Ctrl-C; the end of its log stays where `botllm logs` finds it. */
async function takeDown(
  containers: readonly string[],
  network: string | undefined,
  { sweep, layout, onLog, signal }: ComposeUpContext,
): Promise<void> {
  const [engine = ''] = containers;
  const logged = (await logTail(sweep, engine).catch(() => '')).trim();
  if (logged !== '') {
    mkdirSync(path.dirname(layout.engineLog), { recursive: true });
    rotateLog(layout.engineLog);
    appendFileSync(layout.engineLog, `${logged}\n`, { mode: 0o600 });
    onLog(logged.split('\n'));
  }
  // Compose, interrupted, may have asked Docker for one more container.
  for (const waitMs of signal.aborted ? [0, SETTLE_MS] : [0]) {
    await sleep(waitMs);
    await sweep('docker', ['rm', '-f', '-v', ...containers], { timeoutMs: 60_000 });
  }
  if (network !== undefined) await sweep('docker', ['network', 'rm', network]);
  await forgetChoice(layout);
}

async function present(run: RunTool, name: string): Promise<Container> {
  const container = await inspectContainer(run, name);
  if (container) return container;
  throw new BotllmError('ENGINE_FAILED', SAY.gone(name), { hint: 'botllm up' });
}

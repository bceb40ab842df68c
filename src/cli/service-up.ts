import { installService, startService, waitForService } from '../engines/service/install.js';
import type { ServiceManager } from '../engines/service/manager.js';
import { serviceMessages } from '../engines/service/messages.js';
import { foreseeService, prepareService, type ServiceCommand } from '../engines/service/prepare.js';
import type { UpRequest } from '../engines/started-with.js';
import type { EngineState } from '../engines/state.js';
import { rememberWeights } from '../engines/weights.js';
import { BotllmError } from '../errors.js';
import { forgetAnswers, requestAsItWas, withEngineNews } from './bring-up.js';
import type { Context } from './context.js';
import { dryContext } from './dry-up.js';
import { exchange } from './exchange.js';
import { askedModel } from './model-source.js';
import { exitOf, observe } from './observe.js';
import type { Outcome } from './output.js';
import { ENTRY, installedService, managerOf } from './service.js';
import { serviceWords } from './service-messages.js';
import { fields, type Style } from './style.js';
import { fetched } from './switch-process.js';
import { whyThis } from './why-engine.js';

type Options = Readonly<Record<string, unknown>>;

/** What a service cannot be. @throws BotllmError `USAGE` with the reason */
export function refuseForService(
  options: Options,
  { isContainer = false, isRemote = false }: { isContainer?: boolean; isRemote?: boolean },
): void {
  const usage = (message: string, hint: string) => new BotllmError('USAGE', message, { hint });
  if (options.foreground === true)
    throw usage(serviceWords.notWith('--foreground'), serviceWords.notWithHint.foreground);
  if (options.idleTimeout !== undefined)
    throw usage(serviceWords.notWith('--idle-timeout'), serviceWords.notWithHint.idle);
  if (isRemote) throw usage(serviceWords.remote, serviceWords.remoteHint);
  if (isContainer) throw usage(serviceWords.container, serviceWords.containerHint);
}

/** `up --service`: installs the unit, starts it and waits until its engine can make a token. */
export async function upService(ctx: Context, given: UpRequest, isDry: boolean): Promise<Outcome> {
  const manager = requireKnown(ctx);
  requireOwnHome(ctx);
  const running = await ctx.liveEngine();
  const request = asAsked(given, running === null ? {} : requestAsItWas(running));
  const asked = askedModel(ctx, request.model);
  const port = request.port ?? ctx.settings.port;
  const command = { program: process.execPath, entry: ENTRY, name: manager.name };
  if (isDry) return dry(ctx, manager, { ...request, port }, command);
  await manager.require();
  const { installed, prepared } = await withEngineNews(ctx, asked, undefined, async (engines) => {
    const prepared = await prepareService({ ...request, model: asked.ref, port }, command, engines);
    if (running && running.service === undefined) ctx.out.note(serviceWords.takesOver(running.model.name));
    // Its own `up` would clear the cache of other settings than this shell's.
    if (await rememberWeights(ctx.layout, prepared.model)) await forgetAnswers(ctx, prepared.model.name);
    return { prepared, installed: await installService(manager, prepared.plan, engines) };
  });
  return describe(ctx, manager, {
    why: whyThis(installed.state.engine, prepared.choice),
    unchanged: installed.unchanged,
  });
}

/**
 * Starts the unit as it is, for a bare `up` beside one that was stopped.
 * @returns undefined where none is installed, where other options were given, or where its manager does not answer
 */
export async function startInstalled(ctx: Context, given: UpRequest): Promise<Outcome | undefined> {
  if (given.foreground) return undefined;
  const manager = await installedService(ctx);
  if (manager === null) return undefined;
  if (!isBare(given) || !(await answers(manager))) {
    ctx.out.note(serviceWords.byHand(manager.name));
    return undefined;
  }
  ctx.out.note(serviceWords.starting(manager.name));
  await restartService(ctx, manager);
  return describe(ctx, manager, { why: serviceWords.asInstalled, unchanged: false });
}

/** Another model in the unit; where its engine does not come up, the former unit runs again. */
export async function switchService(
  ctx: Context,
  manager: ServiceManager,
  state: EngineState,
  ref: string,
): Promise<Outcome> {
  const { model: _, idleTimeoutMs: __, ...rest } = state.startedWith;
  // The weights are here before anything is stopped.
  await fetched(ctx, ref);
  const way = {
    before: state.model.name,
    // `start` does it: the unit restarts with what its file says.
    stop: async () => {},
    start: async (model: 'new' | 'old', by: Context) => {
      if (model === 'new') await upService(by, { ...rest, port: state.port, model: ref }, false);
      else {
        await withEngineNews(by, { ref: undefined }, undefined, (engines) =>
          waitForService(manager, undefined, engines),
        );
      }
      const now = await by.liveEngine();
      return { model: now?.model.name ?? ref, readyAt: performance.now() };
    },
  };
  return exchange(ctx, way, ref, 'stopped-first');
}

/** Starts the unit as it is, or anew, and waits for its engine. */
export async function restartService(ctx: Context, manager: ServiceManager): Promise<void> {
  await manager.require();
  await withEngineNews(ctx, { ref: undefined }, undefined, (engines) => startService(manager, engines));
}

async function answers(manager: ServiceManager): Promise<boolean> {
  return manager.require().then(
    () => true,
    () => false,
  );
}

const isBare = ({ engine, foreground: _, ...given }: UpRequest) =>
  (engine === undefined || engine === 'auto') && Object.values(given).every((value) => value === undefined);

/** An `up --service` without options keeps what runs as it is. */
function asAsked(given: UpRequest, running: UpRequest): UpRequest {
  const { idleTimeoutMs: _, ...request } = isBare(given) ? { ...given, ...running } : given;
  return request;
}

function requireKnown(ctx: Context): ServiceManager {
  const manager = managerOf(ctx);
  if (manager) return manager;
  throw new BotllmError('MISSING_PREREQUISITE', serviceMessages.noManager(process.platform), {
    hint: 'botllm up',
  });
}

/** A project's file may move the home, and must not leave something running on this machine. */
function requireOwnHome({ configuration, layout }: Context): void {
  if (configuration.ownHome === configuration.settings.home) return;
  throw new BotllmError('USAGE', serviceWords.projectHome, {
    hint: serviceWords.projectHomeHint(layout.home),
  });
}

/** The unit as it would be written, also where no manager answers. */
async function dry(
  ctx: Context,
  manager: ServiceManager,
  request: UpRequest,
  command: ServiceCommand,
): Promise<Outcome> {
  const { kind, name, file } = manager;
  const asked = askedModel(ctx, request.model);
  const plan = await foreseeService({ ...request, model: asked.ref }, command, dryContext(ctx, asked));
  const unit = await manager.text(plan);
  return {
    schema: 'up',
    data: {
      ...{ dryRun: true, service: { kind, name, file, unit } },
      ...{ command: plan.program, args: plan.args, env: plan.env },
    },
    text: () => `# ${serviceWords.dry(file)}\n${unit.trimEnd()}`,
  };
}

/** What runs by a service now, and what the reader should not miss. */
export async function describe(
  ctx: Context,
  manager: ServiceManager,
  { why, unchanged }: { why: string; unchanged: boolean },
): Promise<Outcome> {
  const { name, kind, file } = manager;
  const found = await observe({ ...ctx, remoteUrl: async () => undefined });
  const lingers = await manager.lingers();
  if (lingers === false) ctx.out.note(serviceWords.linger);
  if (/[/\\]_npx[/\\]/.test(ENTRY)) ctx.out.note(serviceWords.npx);
  const say = unchanged ? serviceWords.unchanged : serviceWords.isUp;
  const text = (style: Style) =>
    [
      `${style.paint('green', style.mark.ok)} ${say(found.model ?? '', found.endpoint ?? '')}`,
      fields(
        [
          ['engine', why],
          ['device', found.device],
          ['service', serviceWords.unit(name, file)],
        ],
        style,
      ),
    ].join('\n');
  const service = { kind, name, file, ...(lingers === undefined ? {} : { lingers }) };
  return {
    schema: 'up',
    data: { ...found, alreadyRunning: unchanged, why, service },
    text,
    exitCode: exitOf(found.state),
  };
}

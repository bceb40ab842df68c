import { BotllmError } from '../errors.js';
import type { Env } from '../settings/read.js';
import { foreseeEmbedded } from './embedded/foresee.js';
import { launchEmbedded } from './embedded/launch.js';
import type { Foresee, Launch } from './launch.js';
import { messages } from './messages.js';
import { inspectServer, named, onPath } from './native/find.js';
import { foreseeNative } from './native/foresee.js';
import { launchNative } from './native/launch.js';
import type { UpRequest } from './started-with.js';
import type { EngineKind } from './state.js';

/** Why this engine and no other: the words for it are the CLI's. */
export type ChoiceReason =
  | 'asked'
  | 'server-named'
  | 'server-found'
  | 'no-server'
  | 'server-broken'
  | 'limits-asked';

export interface EngineChoice {
  engine: EngineKind;
  reason: ChoiceReason;
  /** The `llama-server`, where one was found. */
  binary?: string;
  launch: Launch;
  foresee: Foresee;
}

export interface ChooseContext {
  env: Env;
  /** LLAMA_SERVER_BIN. */
  serverBin?: string | undefined;
  signal: AbortSignal;
}

/**
 * The engine that a request means. `auto`: `native` where a llama-server is found that runs here and can do
 * what is asked, else `embedded`.
 * @throws BotllmError `USAGE` when native was asked for with what only the embedded engine can do;
 * `MISSING_PREREQUISITE` or `BAD_CONFIG` when it was asked for and there is none that runs
 */
export async function chooseEngine(request: UpRequest, ctx: ChooseContext): Promise<EngineChoice> {
  const { engine = 'auto', gpu } = request;
  const unable = beyondNative(request);
  if (engine === 'embedded') return embedded('asked');
  if (engine === 'native' && unable !== undefined) {
    throw new BotllmError('USAGE', messages.nativeCannot(unable), {
      hint: messages.nativeCannotHint(unable),
    });
  }
  const binary = ctx.serverBin === undefined ? onPath(ctx.env) : named(ctx.serverBin);
  if (binary === null) {
    if (engine === 'auto') return embedded('no-server');
    throw new BotllmError('MISSING_PREREQUISITE', messages.noServer, { hint: messages.noServerHint });
  }
  if (unable !== undefined) return { ...embedded('limits-asked'), binary };
  try {
    const server = await inspectServer(binary, gpu, ctx.signal);
    const reason =
      engine === 'native' ? 'asked' : ctx.serverBin === undefined ? 'server-found' : 'server-named';
    return {
      engine: 'native',
      reason,
      binary,
      launch: (launch) => launchNative(server, launch),
      foresee: (request) => foreseeNative(server, request),
    };
  } catch (error) {
    // One that merely lies on PATH must not keep a bot developer from an engine that runs.
    if (engine === 'native' || ctx.serverBin !== undefined || ctx.signal.aborted) throw error;
    return { ...embedded('server-broken'), binary };
  }
}

function embedded(reason: ChoiceReason): EngineChoice {
  return { engine: 'embedded', reason, launch: launchEmbedded, foresee: foreseeEmbedded };
}

/** The option that llama-server has no answer to. */
function beyondNative({ idleTimeoutMs, memoryBytes }: UpRequest): string | undefined {
  if (idleTimeoutMs !== undefined) return '--idle-timeout';
  return memoryBytes === undefined ? undefined : '--memory';
}

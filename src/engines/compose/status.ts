import { type BotllmError, isBotllmError } from '../../errors.js';
import { askEngine, isReady } from './ask.js';
import type { ComposeChoice } from './choice.js';
import { type Container, inspectContainer } from './container.js';
import { endedBecause } from './ended.js';
import { FAMILIES } from './plan.js';
import type { RunTool } from './run-tool.js';
import { logTail, phaseIn } from './wait.js';

export interface ContainerStatus {
  state: 'ready' | 'loading' | 'stopping' | 'unhealthy' | 'stopped';
  /** Absent: Docker has none of that name, or cannot be asked. */
  container: Container | undefined;
  phase?: string | undefined;
  context?: number | undefined;
  slots?: number | undefined;
  model?: string | undefined;
  /** Layers on the GPU of all, from llama.cpp's log; bytes on the GPU of all, from Ollama. */
  offload?: { onGpu: number; total: number; unit: 'layers' | 'bytes' } | undefined;
  /** How the weights are stored, as llama.cpp reads it from their header, e.g. Q4_K_M. */
  weights?: string | undefined;
  /** Why it does not run, or why Docker does not say, in words. */
  reason?: string | undefined;
}

export interface ContainerLook {
  apiKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Also what is read from the log. */
  detail?: boolean;
}

/** One look at the container and the engine in it. Costs no token. */
export async function containerStatus(
  choice: ComposeChoice,
  run: RunTool,
  { apiKey, signal, detail = false }: ContainerLook = {},
): Promise<ContainerStatus> {
  const family = FAMILIES[choice.family];
  const asking = { endpoint: choice.endpoint, apiKey, signal };
  let container: Container | undefined;
  try {
    container = await inspectContainer(run, choice.container);
  } catch (error) {
    if (!isBotllmError(error, 'MISSING_PREREQUISITE')) throw error;
    return unseen(choice, error, asking);
  }
  if (container === undefined) return { state: 'stopped', container };
  if (container.status !== 'running') {
    const logged = await logTail(run, choice.container);
    const reason = endedBecause(container, {
      name: container.name,
      restartsBefore: container.restarts,
      logged,
    });
    const state = container.status === 'exited' || container.status === 'created' ? 'stopped' : 'unhealthy';
    return { state, container, reason: reason && [reason.message, reason.detail].filter(Boolean).join(': ') };
  }
  if (await isReady(family, asking)) {
    const [facts, loaded] = await Promise.all([
      factsOf(choice, asking),
      detail ? loadOf(choice, run, asking) : {},
    ]);
    return { state: 'ready', container, ...facts, ...loaded };
  }
  const logged = await logTail(run, choice.container);
  // Ready once, and silent now: it hangs. Before its first health it is on its way.
  const state = container.health === 'unhealthy' ? 'unhealthy' : 'loading';
  return { state, container, phase: phaseIn(logged, family) };
}

/** Docker cannot be asked, as by a user without the right to: then the engine itself is. */
async function unseen(
  choice: ComposeChoice,
  { message, detail }: BotllmError,
  asking: Asking,
): Promise<ContainerStatus> {
  const reason = [message, detail].filter(Boolean).join(': ');
  if (!(await isReady(FAMILIES[choice.family], asking)))
    return { state: 'unhealthy', container: undefined, reason };
  return { state: 'ready', container: undefined, reason, ...(await factsOf(choice, asking)) };
}

/** A line of `/v1/models`; each engine tells other things there. */
interface Listed {
  id?: unknown;
  max_model_len?: unknown;
  meta?: { ftype?: unknown } | null;
}

type Asking = Parameters<typeof askEngine>[1];

async function factsOf(choice: ComposeChoice, asking: Asking) {
  const list = await askEngine('/v1/models', asking);
  const listed = (list?.body as { data?: Listed[] } | null)?.data;
  const [first] = Array.isArray(listed) ? listed : [];
  const model = typeof first?.id === 'string' ? first.id : choice.model;
  if (choice.family !== 'llamacpp') {
    const length = first?.max_model_len;
    return { model, context: typeof length === 'number' ? length : choice.context, slots: choice.slots };
  }
  const props = (await askEngine('/props', asking))?.body as
    | { total_slots?: number; default_generation_settings?: { n_ctx?: number } }
    | undefined;
  const type = first?.meta?.ftype;
  return {
    model,
    ...(typeof type === 'string' ? { weights: ggufName(type) } : {}),
    context: props?.default_generation_settings?.n_ctx ?? choice.context,
    slots: props?.total_slots ?? choice.slots,
  };
}

/** How much of the model lies on the GPU. */
async function loadOf(
  choice: ComposeChoice,
  run: RunTool,
  asking: Asking,
): Promise<Pick<ContainerStatus, 'offload'>> {
  if (choice.family === 'ollama') {
    const [loaded] =
      ((await askEngine('/api/ps', asking))?.body as { models?: { size?: number; size_vram?: number }[] })
        ?.models ?? [];
    if (loaded?.size === undefined || loaded.size_vram === undefined) return {};
    return { offload: { onGpu: loaded.size_vram, total: loaded.size, unit: 'bytes' } };
  }
  if (choice.family !== 'llamacpp' || choice.gpus.length === 0) return {};
  const logged = await logTail(run, choice.container, LOAD_LINES);
  return { offload: readOffload(logged) };
}

/** A load says less; where it has scrolled out of the log, nothing is said of it. */
const LOAD_LINES = '2000';

/** `Q4_K - Medium` is what a file calls Q4_K_M. */
export function ggufName(type: string): string {
  const [, base = type, size] = /^(?:all )?(\S+)(?: - (Small|Medium|Large))?/.exec(type) ?? [];
  return size === undefined ? base : `${base}_${size[0]}`;
}

/** `load_tensors: offloaded 20/33 layers to GPU` */
export function readOffload(logged: string): ContainerStatus['offload'] {
  const found = [...logged.matchAll(/offloaded (\d+)\/(\d+) layers to GPU/g)].at(-1);
  return found ? { onGpu: Number(found[1]), total: Number(found[2]), unit: 'layers' } : undefined;
}

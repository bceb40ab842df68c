import { type GpuCard, probeGpu } from '../../engines/compose/gpu.js';
import type { ServiceFacts } from '../../engines/service/facts.js';
import type { ContainerFacts, EngineStatus } from '../../engines/status.js';
import { runningRedis } from '../../settings/running-engine.js';
import { prettySize } from '../../size.js';
import { containerMessages } from '../container-messages.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { toolsOf } from '../docker.js';
import { exportLines } from '../export-lines.js';
import { messages } from '../messages.js';
import { nextStep } from '../next-step.js';
import { exitOf, observe } from '../observe.js';
import type { Outcome } from '../output.js';
import { serviceFacts, serviceLine } from '../service.js';
import { fields, printable, type Style } from '../style.js';

const NO_GPU = { cards: [], way: undefined };

/** The cards of this machine, and why one beside a container stands idle. */
interface Cards {
  gpus: readonly GpuCard[];
  idle: 'no-runtime' | 'container';
}

export const status: CommandSpec = {
  path: 'status',
  summary: 'say what runs, where and with which model',
  options: [{ flags: '--env', description: 'only the lines that a bot runtime exports to use it' }],
  examples: ['botllm status', 'botllm status --json', 'botllm status --env'],
  handler: async (ctx, { options }) => {
    const found = await observe(ctx, options.env !== true);
    if (options.env === true) return environment(ctx, found);
    // A card beside a process is its own affair: llama.cpp says which device it runs on.
    const { cards: gpus, way } = found.container ? await probeGpu(toolsOf(ctx)) : NO_GPU;
    const service = await serviceFacts(ctx);
    const idle = way === undefined ? 'no-runtime' : 'container';
    return {
      schema: 'status',
      data: { ...found, ...(gpus.length > 0 ? { gpus } : {}), ...(service ? { service } : {}) },
      text: (style) => describe(found, { gpus, idle }, service, style),
      exitCode: exitOf(found.state),
    };
  },
};

/** The guide's export lines, true for what runs: by name inside the network, by address for a runtime beside it. */
function environment(ctx: Context, found: EngineStatus): Outcome {
  const { endpoint = 'http://127.0.0.1:11434', model, container } = found;
  const inNetwork = container !== undefined && !/127\.0\.0\.1:\d+$/.test(ctx.settings.baseUrl ?? '');
  const redis = ctx.settings.redisUrl ?? runningRedis(ctx.layout);
  const variables: Record<string, string> = {
    LLM_ENABLED: 'true',
    LLM_BASE_URL: inNetwork ? 'http://llm:11434' : endpoint,
    ...(model === undefined ? {} : { LLM_MODEL: model }),
    ...(redis === undefined || redis === 'none'
      ? {}
      : { REDIS_URL: inNetwork && redis === runningRedis(ctx.layout) ? 'redis://redis:6379' : redis }),
  };
  const text = () =>
    [`# ${containerMessages.envHead}`, exportLines(variables), `# ${containerMessages.envRestart}`].join(
      '\n',
    );
  return { schema: 'status.env', data: { env: variables }, text, exitCode: exitOf(found.state) };
}

function describe(
  found: EngineStatus,
  cards: Cards,
  service: ServiceFacts | undefined,
  style: Style,
): string {
  const { container } = found;
  const model = found.model && printable(found.model);
  const color = found.state === 'ready' ? 'green' : found.state === 'stopped' ? 'dim' : 'yellow';
  const percent = found.progress === undefined ? '' : ` ${Math.floor(found.progress * 100)} %`;
  const phase = found.state === 'loading' && found.phase ? ` (${found.phase}${percent})` : '';
  return fields(
    [
      ['engine', container ? `${found.engine} (${container.family})` : (found.engine ?? undefined)],
      ['state', style.paint(color, messages.condition[found.state]) + phase],
      ['why', container?.reason ?? found.reason],
      ['endpoint', found.endpoint],
      ['model', model && found.standIn ? `${model} (${messages.modelsStandIn})` : model],
      ['quantised', quantised(container)],
      ['device', found.device && printable(found.device)],
      [
        'context',
        found.context === undefined
          ? undefined
          : containerMessages.contextTimes(found.context, found.slots ?? 1),
      ],
      ['requests', found.busy === undefined ? undefined : messages.load(found.busy, found.queued ?? 0)],
      ...(container ? containerRows(container) : []),
      ...gpuRows(container, cards),
      ['redis', container?.redis],
      ['pid', container ? undefined : found.pid?.toString()],
      ['service', service && serviceLine(service)],
      ['since', sinceWhen(found)],
      ['log', found.logFile],
      ['next', found.engine === 'remote' && found.state !== 'stopped' ? undefined : nextStep(found)],
    ],
    style,
  );
}

/** What was asked for, and what the weights say of themselves: `int4 (Q4_K_M)`. */
function quantised(container: ContainerFacts | undefined): string | undefined {
  const { quantize, weights } = container ?? {};
  return quantize !== undefined && weights !== undefined ? `${quantize} (${weights})` : (weights ?? quantize);
}

function sinceWhen({ startedAt, container }: EngineStatus): string | undefined {
  if (startedAt === undefined || container === undefined) return startedAt;
  return `${startedAt} (${containerMessages.uptime((Date.now() - Date.parse(startedAt)) / 1000)})`;
}

type Row = readonly [string, string | undefined];

function containerRows(container: ContainerFacts): Row[] {
  const {
    name,
    image,
    status: condition,
    health,
    restarts,
    memoryBytes,
    memoryLimitBytes,
    offload,
  } = container;
  const size = (bytes: number | undefined) => (bytes === undefined ? undefined : prettySize(bytes));
  const used = size(memoryBytes);
  const count = (n: number) => (offload?.unit === 'bytes' ? prettySize(n) : containerMessages.layers(n));
  return [
    [
      'container',
      [name, health ?? condition, restarts > 0 && containerMessages.containerRestarts(restarts)]
        .filter(Boolean)
        .join(', '),
    ],
    ['image', image],
    ['memory', used && containerMessages.memoryOf(used, size(memoryLimitBytes))],
    [
      'offload',
      offload && offload.onGpu < offload.total
        ? containerMessages.offloaded(count(offload.onGpu), count(offload.total))
        : undefined,
    ],
  ];
}

/** What the card holds, and a card that stands idle beside an engine on the processor. */
function gpuRows(container: ContainerFacts | undefined, { gpus, idle }: Cards): Row[] {
  return gpus.map((gpu): Row => {
    const used = prettySize(gpu.totalBytes - gpu.freeBytes);
    const vram = containerMessages.vramOf(used, prettySize(gpu.totalBytes), gpu.name);
    const isUsed = container?.gpus.includes(gpu.index) === true;
    return ['gpu', isUsed ? vram : containerMessages.gpuIdle(gpu.name, containerMessages.gpuWhy[idle])];
  });
}

import { readChoice } from '../../engines/compose/choice.js';
import type { UpRequest } from '../../engines/started-with.js';
import { runningState } from '../../engines/state.js';
import { serverRoot } from '../../engines/status.js';
import type { UpResult } from '../../engines/up.js';
import { BotllmError } from '../../errors.js';
import { bringUp } from '../bring-up.js';
import {
  dryContainer,
  type EngineWish,
  refuseContainerOptions,
  upContainer,
  whyContainer,
} from '../container-up.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { dryUp } from '../dry-up.js';
import { stayInForeground } from '../foreground.js';
import { messages } from '../messages.js';
import { exitOf, observe } from '../observe.js';
import type { Outcome } from '../output.js';
import { parse } from '../parse.js';
import { runByService } from '../service.js';
import { refuseForService, startInstalled, upService } from '../service-up.js';
import { fields, type Style } from '../style.js';
import { waitForRemote } from '../wait-remote.js';
import { whyThis } from '../why-engine.js';

export const up: CommandSpec = {
  path: 'up',
  summary: 'start the engine and wait until it can make a token',
  options: [
    {
      flags: '--engine <kind>',
      description: 'which engine (auto)',
      choices: ['auto', 'embedded', 'native', 'compose', 'remote'],
    },
    {
      flags: '--model <ref>',
      description: 'an alias of `botllm models`, or a .gguf file (MODEL_ID)',
      values: 'models',
    },
    {
      flags: '--family <name>',
      description: "a container's engine (llamacpp)",
      choices: ['llamacpp', 'vllm', 'ollama', 'tgi'],
    },
    {
      flags: '--quantize <q>',
      description: 'int4, int8, gptq or a name of GGUF, for a container (QUANTIZE)',
    },
    {
      flags: '--profile <goal>',
      description: "the guide's recipes for a container: gemma-2b in int4, or phi3-mini in gptq",
      choices: ['speed', 'quality'],
    },
    {
      flags: '--gpu <use>',
      description: 'auto, none, or all cards (auto)',
      choices: ['auto', 'none', 'all'],
    },
    { flags: '--memory <size>', description: 'at most this much memory, e.g. 6g', parse: parse.bytes },
    {
      flags: '--context <tokens>',
      description: 'tokens that one request may use',
      parse: parse.count(64, 10_000_000),
    },
    { flags: '--slots <n>', description: 'requests that are decoded together', parse: parse.count(1, 64) },
    { flags: '--port <n>', description: 'port on 127.0.0.1 (11434)', parse: parse.port },
    {
      flags: '--publish <address>',
      description: "another address than 127.0.0.1 for a container's port; needs LLM_API_KEY",
      parse: parse.address,
    },
    {
      flags: '--idle-timeout <time>',
      description: 'stop after this time without a request',
      parse: parse.duration,
    },
    { flags: '--foreground', description: 'stay in the foreground, log on stderr' },
    {
      flags: '--service',
      description: 'keep it running: a systemd user unit (launchd on macOS), with the options given here',
    },
    { flags: '--dry-run', description: 'only say what would be fetched, taken and run' },
  ],
  examples: [
    'botllm up',
    'botllm up --model smollm2-135m',
    'botllm up --model ./my-model.gguf --memory 6g',
    'botllm up --engine compose --profile quality',
    'botllm up --service',
  ],
  handler: async (ctx, { options }) => {
    const engine = (options.engine ?? 'auto') as EngineWish;
    const remoteUrl = engine === 'auto' || engine === 'remote' ? await ctx.remoteUrl() : undefined;
    const dry = options.dryRun === true;
    const ours = await (dry ? runningState(ctx.layout) : ctx.liveEngine());
    const chosen = ours ? null : await readChoice(ctx.layout);
    const running = (ours ?? chosen)?.endpoint;
    const asService = options.service === true;
    const elsewhere = remoteUrl !== undefined && serverRoot(remoteUrl) !== running;
    if (elsewhere && (engine === 'remote' || running === undefined)) {
      if (asService) refuseForService(options, { isRemote: true });
      return waitForRemote(dry ? { ...ctx, timeoutMs: 0 } : ctx, serverRoot(remoteUrl));
    }
    if (engine === 'remote') {
      throw new BotllmError('USAGE', messages.remoteNeedsUrl, { hint: messages.remoteNeedsUrlHint });
    }
    const why = await whyContainer(ctx, engine, options, ours !== null, chosen !== null);
    if (asService) refuseForService(options, { isContainer: why !== null });
    if (why !== null) return dry ? dryContainer(ctx, options, why) : upContainer(ctx, options, why);
    refuseContainerOptions(options);
    const request = { engine: engine as 'auto', ...upRequest(options) };
    if (asService) return upService(ctx, request, dry);
    if (dry) return dryUp(ctx, request);
    const byService = ours === null ? await startInstalled(ctx, request) : undefined;
    if (byService) return byService;
    const result = await runByService(ctx, (service) => bringUp(ctx, { ...request, service }));
    const outcome = await describe(ctx, result);
    if (!result.process) return outcome;
    return { ...outcome, after: () => stayInForeground(ctx, result) };
  },
};

function upRequest(options: Readonly<Record<string, unknown>>): UpRequest {
  const { model, gpu, memory, context, slots, port, idleTimeout, foreground } = options;
  return {
    model,
    gpu,
    context,
    slots,
    port,
    memoryBytes: memory,
    idleTimeoutMs: idleTimeout,
    foreground: foreground === true,
  } as UpRequest;
}

async function describe(ctx: Context, { alreadyRunning, choice, state, model }: UpResult): Promise<Outcome> {
  const found = await observe({ ...ctx, remoteUrl: async () => undefined });
  const why = choice === undefined ? messages.whyRunning : whyThis(state.engine, choice);
  const data = { ...found, alreadyRunning, why, ...(model?.sha256 ? { sha256: model.sha256 } : {}) };
  const title = (alreadyRunning ? messages.alreadyUp : messages.up)(state.model.name, state.endpoint);
  const context =
    found.context === undefined ? undefined : messages.contextOf(found.context, found.slots ?? 1);
  const text = (style: Style) =>
    [
      `${style.paint('green', style.mark.ok)} ${title}`,
      fields(
        [
          ['engine', why],
          ['device', found.device],
          ['context', context],
        ],
        style,
      ),
      messages.upNext,
    ].join('\n');
  return { schema: 'up', data, text, exitCode: exitOf(found.state) };
}

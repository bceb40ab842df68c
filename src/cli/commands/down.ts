import { sweepBeside } from '../../engines/beside/record.js';
import { removeBeside } from '../../engines/compose/beside.js';
import { type ComposeChoice, readChoice } from '../../engines/compose/choice.js';
import { composeDown } from '../../engines/compose/down.js';
import { DEFAULT_NETWORK } from '../../engines/compose/names.js';
import { withEngineLock } from '../../engines/lock.js';
import { liveState } from '../../engines/state.js';
import { GRACE_MS, stopEngine } from '../../engines/stop.js';
import { containerMessages } from '../container-messages.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { containerNames, toolsOf } from '../docker.js';
import { messages } from '../messages.js';
import type { Outcome } from '../output.js';
import { removeInstalled, stopInstalled } from '../service-down.js';

export const down: CommandSpec = {
  path: 'down',
  summary: 'stop the engine of this home: its process, or its container',
  options: [
    { flags: '--service', description: 'stop and remove what `up --service` has installed' },
    { flags: '--dry-run', description: 'only say what would be stopped' },
  ],
  // A bad setting of the client must not keep an operator from this.
  toleratesBadConfig: true,
  examples: ['botllm down', 'botllm down --timeout 5s', 'botllm down --service'],
  handler: async (ctx, { options }) => {
    const { layout, timeoutMs } = ctx;
    const dry = options.dryRun === true;
    if (options.service === true) return removeInstalled(ctx, dry);
    const byService = await stopInstalled(ctx, dry);
    if (byService) return byService;
    const state = await liveState(layout);
    const choice = state ? null : await readChoice(layout);
    if (!dry) await sweep(ctx, choice);
    if (choice) return downContainer(ctx, choice, dry);
    if (!state) {
      return { schema: 'down', data: { stopped: false }, text: () => messages.downNothing };
    }
    const data = { stopped: true, pid: state.pid, model: state.model.name };
    if (dry) {
      const text = () => messages.dryDown(state.model.name, state.pid);
      return { schema: 'down', data: { ...data, stopped: false }, text };
    }
    await stopEngine(layout, state, timeoutMs ?? GRACE_MS);
    return { schema: 'down', data, text: () => messages.downDone(state.model.name) };
  },
};

/** What a `switch` left behind that was killed. */
async function sweep(ctx: Context, choice: ComposeChoice | null): Promise<void> {
  const { llm } = containerNames(ctx);
  const container = choice?.container ?? llm;
  const network = choice?.env.LLM_NETWORK ?? ctx.settings.llmNetwork ?? DEFAULT_NETWORK;
  await sweepBeside(ctx.layout, () => removeBeside(toolsOf(ctx), { container, network }));
}

const LOCK_SPARE_MS = 30_000;

async function downContainer(ctx: Context, choice: ComposeChoice, dry: boolean): Promise<Outcome> {
  const { container, model, redis } = choice;
  const names = [container, ...(redis?.started ? [redis.container] : [])];
  if (dry) {
    const text = () => containerMessages.dryDownContainers(names);
    return { schema: 'down', data: { stopped: false, containers: names, model }, text };
  }
  const { layout, timeoutMs: graceMs = GRACE_MS } = ctx;
  const { llm, redis: named } = containerNames(ctx);
  const how = { run: toolsOf(ctx), layout, graceMs, known: [llm, named] };
  // An `up` that was just interrupted cleans up first.
  const lock = { signal: ctx.signal, waitMs: graceMs + LOCK_SPARE_MS };
  const { removed } = await withEngineLock(layout, lock, () => composeDown(choice, how));
  const text = () => (removed.length > 0 ? containerMessages.downContainers(removed) : messages.downNothing);
  return { schema: 'down', data: { stopped: removed.length > 0, containers: removed, model }, text };
}

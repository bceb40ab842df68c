import { liveState } from '../../engines/state.js';
import { GRACE_MS, stopEngine } from '../../engines/stop.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';

export const down: CommandSpec = {
  path: 'down',
  summary: 'stop the engine of this home',
  options: [{ flags: '--dry-run', description: 'only say what would be stopped' }],
  // A bad setting of the client must not keep an operator from this.
  toleratesBadConfig: true,
  examples: ['botllm down', 'botllm down --timeout 5s'],
  handler: async ({ layout, timeoutMs }, { options }) => {
    const state = await liveState(layout);
    if (!state) {
      return { schema: 'down', data: { stopped: false }, text: () => messages.downNothing };
    }
    const data = { stopped: true, pid: state.pid, model: state.model.name };
    if (options.dryRun === true) {
      const text = () => messages.dryDown(state.model.name, state.pid);
      return { schema: 'down', data: { ...data, stopped: false }, text };
    }
    await stopEngine(layout, state, timeoutMs ?? GRACE_MS);
    return { schema: 'down', data, text: () => messages.downDone(state.model.name) };
  },
};

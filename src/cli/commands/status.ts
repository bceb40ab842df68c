import type { EngineStatus } from '../../engines/status.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { exitOf, observe } from '../observe.js';
import { fields, type Style } from '../style.js';

export const status: CommandSpec = {
  path: 'status',
  summary: 'say what runs, where and with which model',
  examples: ['botllm status', 'botllm status --json'],
  handler: async (ctx) => {
    const found = await observe(ctx);
    return {
      schema: 'status',
      data: found,
      text: (style) => describe(found, style),
      exitCode: exitOf(found.state),
    };
  },
};

function describe(found: EngineStatus, style: Style): string {
  const color = found.state === 'ready' ? 'green' : found.state === 'stopped' ? 'dim' : 'yellow';
  const percent = found.progress === undefined ? '' : ` ${Math.floor(found.progress * 100)} %`;
  const phase = found.state === 'loading' && found.phase ? ` (${found.phase}${percent})` : '';
  return fields(
    [
      ['engine', found.engine ?? undefined],
      ['state', style.paint(color, messages.condition[found.state]) + phase],
      ['endpoint', found.endpoint],
      ['model', found.model && found.standIn ? `${found.model} (${messages.modelsStandIn})` : found.model],
      ['device', found.device],
      ['context', found.context === undefined ? undefined : `${found.context} tokens × ${found.slots ?? 1}`],
      ['requests', found.busy === undefined ? undefined : messages.load(found.busy, found.queued ?? 0)],
      ['pid', found.pid?.toString()],
      ['since', found.startedAt],
      ['log', found.logFile],
      ['next', found.engine === 'remote' ? undefined : messages.statusNext[found.state]],
    ],
    style,
  );
}

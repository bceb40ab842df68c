import { setTimeout as sleep } from 'node:timers/promises';
import type { GpuCard } from '../../engines/compose/gpu.js';
import { prettySize } from '../../size.js';
import { containerMessages } from '../container-messages.js';
import type { CommandSpec } from '../define.js';
import { parse } from '../parse.js';
import { table } from '../table.js';
import { type UnitUse, type Usage, usage } from '../usage.js';

const DEFAULT_PAUSE_MS = 2_000;

export const stats: CommandSpec = {
  path: 'stats',
  summary: 'say what the engine takes now: processor, memory, network, GPU',
  options: [
    { flags: '--watch [pause]', description: 'again and again, with this pause (2s)', parse: parse.duration },
  ],
  toleratesBadConfig: true,
  examples: ['botllm stats', 'botllm stats --watch', 'botllm stats --watch 10s --json'],
  handler: async (ctx, { options }) => {
    const { watch } = options as { watch?: number | true };
    let seen = await usage(ctx);
    while (watch !== undefined && !ctx.signal.aborted) {
      if (ctx.out.json) ctx.out.event({ type: 'stats', time: new Date().toISOString(), ...seen });
      else ctx.out.line(`${describe(seen)}\n`);
      const pause = watch === true ? DEFAULT_PAUSE_MS : watch;
      await sleep(pause, undefined, { signal: ctx.signal }).catch(() => undefined);
      if (!ctx.signal.aborted) seen = await usage(ctx);
    }
    // The last look was printed when it was made.
    return { schema: 'stats', data: seen, ...(watch === undefined ? { text: () => describe(seen) } : {}) };
  },
};

function describe({ units, gpus }: Usage): string {
  const rows = units.map((unit) => [
    unit.name,
    `${unit.cpuPercent.toFixed(1)} %`,
    memoryOf(unit),
    traffic(unit),
    unit.tasks?.toString() ?? '',
  ]);
  return [table(['name', 'processor', 'memory', 'network in / out', 'tasks'], rows), ...gpus.map(card)].join(
    '\n',
  );
}

function memoryOf({ memoryBytes, memoryLimitBytes }: UnitUse): string {
  const size = (bytes: number) => prettySize(bytes, { binary: true });
  return containerMessages.memoryOf(
    size(memoryBytes),
    (memoryLimitBytes && size(memoryLimitBytes)) || undefined,
  );
}

function traffic({ netInBytes, netOutBytes }: UnitUse): string {
  if (netInBytes === undefined || netOutBytes === undefined) return '';
  return `${prettySize(netInBytes)} / ${prettySize(netOutBytes)}`;
}

function card({ index, name, totalBytes, freeBytes, busyPercent }: GpuCard): string {
  const size = (bytes: number) => prettySize(bytes, { binary: true });
  const busy = busyPercent === undefined ? '' : `, ${busyPercent} % busy`;
  return `GPU ${index}: ${containerMessages.vramOf(size(totalBytes - freeBytes), size(totalBytes), name)}${busy}`;
}

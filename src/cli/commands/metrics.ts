import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandSpec } from '../define.js';
import { EXIT } from '../exit-codes.js';
import { lookAtMetrics } from '../metrics-look.js';
import { describeMetrics } from '../metrics-text.js';
import { parse } from '../parse.js';

const DEFAULT_PAUSE_MS = 5_000;

export const metrics: CommandSpec = {
  path: 'metrics',
  summary: 'say what gateway, runtimes and engine have counted: requests, times, cache, tokens, errors',
  options: [
    {
      flags: '--metrics-url <urls>',
      description: 'these processes, with commas between them (the gateway and the engine here)',
      parse: parse.urls,
    },
    { flags: '--watch [pause]', description: 'again and again, with this pause (5s)', parse: parse.duration },
  ],
  examples: [
    'botllm metrics',
    'botllm metrics --metrics-url http://10.0.0.5:9464/metrics,http://10.0.0.6:9464/metrics',
    'botllm metrics --watch 10s --json',
  ],
  handler: async (ctx, { options }) => {
    const { metricsUrl, watch } = options as { metricsUrl?: string[]; watch?: number | true };
    let seen = await lookAtMetrics(ctx, metricsUrl);
    while (watch !== undefined && !ctx.signal.aborted) {
      if (ctx.out.json) ctx.out.event({ type: 'metrics', time: new Date().toISOString(), ...seen });
      else ctx.out.line(`${describeMetrics(seen, ctx.out.style)}\n`);
      const pause = watch === true ? DEFAULT_PAUSE_MS : watch;
      await sleep(pause, undefined, { signal: ctx.signal }).catch(() => undefined);
      if (!ctx.signal.aborted) seen = await lookAtMetrics(ctx, metricsUrl);
    }
    const isWhole = seen.targets.every((target) => !('error' in target));
    return {
      schema: 'metrics',
      data: seen,
      // The last look was printed when it was made.
      ...(watch === undefined && { text: (style) => describeMetrics(seen, style) }),
      exitCode: isWhole ? EXIT.ok : EXIT.notRunning,
    };
  },
};

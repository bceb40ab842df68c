import { say } from '../../language.js';
import { prettySize } from '../../size.js';
import { callsOf, tasksOf } from '../calls.js';
import { columns, type Look, percent, plain, sparkline, time } from '../look.js';
import { tuiMessages } from '../messages.js';
import type { TopModel } from '../model.js';
import { callRow } from './requests.js';

const RECENT = 5;

/** Traffic, what it costs, and the tasks, on one screen. */
export function overview(model: TopModel, look: Look): string[] {
  const title = (text: string) => look.paint('bold', text);
  const calls = callsOf(model.events);
  const tasks = tasksOf(calls).map(({ task, calls: count, hits, failed, p50Ms, p95Ms }) => [
    task,
    String(count),
    percent(hits / count),
    String(failed),
    p50Ms === undefined ? '' : time(p50Ms),
    p95Ms === undefined ? '' : time(p95Ms),
  ]);
  return [
    ...traffic(model, look),
    '',
    ...costs(model),
    '',
    ...(tasks.length === 0
      ? [tuiMessages.noCalls]
      : columns([['task', 'calls', 'hits', 'failed', 'p50', 'p95'].map(say), ...tasks]).map((line, i) =>
          i === 0 ? title(line) : line,
        )),
    ...(calls.length === 0 ? [] : ['', ...columns(calls.slice(0, RECENT).map(callRow))]),
  ];
}

function traffic({ traffic: seen, metrics }: TopModel, look: Look): string[] {
  const down = metrics.filter(({ answers }) => !answers).map(({ url }) => url);
  if (!seen) return [tuiMessages.noMetrics];
  const { recent } = seen;
  const parts = [
    tuiMessages.calls(seen.calls),
    `${say('failed')} ${seen.failed}`,
    `${say('hits')} ${seen.hits}`,
    tuiMessages.tokens(seen.inputTokens, seen.outputTokens),
    `${say('in flight')} ${seen.inFlight}`,
    `${say('waiting')} ${seen.queued}`,
  ];
  const now = recent && [
    recent.seconds >= 59 ? tuiMessages.lastMinute : tuiMessages.secondsSeen(Math.round(recent.seconds)),
    `${recent.perMinute.toFixed(recent.perMinute < 10 ? 1 : 0)} ${say('calls/min')}`,
    recent.p50Ms !== undefined && `p50 ${time(recent.p50Ms)}`,
    recent.p95Ms !== undefined && `p95 ${time(recent.p95Ms)}`,
    recent.hitShare !== undefined && `${say('hits')} ${percent(recent.hitShare)}`,
    recent.failedShare !== undefined && `${say('failed')} ${percent(recent.failedShare)}`,
    `${recent.outputTokensPerSecond.toFixed(1)} ${say('tok/s')}`,
    sparkline(recent.history, 30, look),
  ];
  const errors = Object.entries(recent?.errors ?? {}).map(([type, n]) => `${plain(type)} ${Math.round(n)}`);
  return [
    ...(now ? [now.filter((part) => part !== false && part !== '').join('   ')] : []),
    parts.join('   '),
    ...(errors.length > 0 ? [`${say('errors')}   ${errors.join('   ')}`] : []),
    ...(down.length > 0 ? [tuiMessages.metricsDown(plain(down.join(', ')))] : []),
  ];
}

function costs({ taken, store, engine }: TopModel): string[] {
  const size = (bytes: number) => prettySize(bytes, { binary: true });
  const units = taken.map(({ name, cpuPercent, memoryBytes, memoryLimitBytes }) => [
    plain(name),
    cpuPercent === undefined ? '' : `${cpuPercent.toFixed(0)} %`,
    memoryBytes === undefined
      ? ''
      : `${size(memoryBytes)}${memoryLimitBytes ? ` ${say('of')} ${size(memoryLimitBytes)}` : ''}`,
  ]);
  const { busy, queued, slots, container } = engine ?? {};
  return [
    ...(container
      ? [tuiMessages.container(plain(container.name), conditionOf(container), container.restarts)]
      : []),
    ...columns(units),
    ...(busy === undefined ? [] : [tuiMessages.slots(busy, slots, queued ?? 0)]),
    ...(store?.cache
      ? [
          tuiMessages.store(
            store.kind,
            store.cache.entries,
            store.cache.usedBytes === null ? undefined : size(store.cache.usedBytes),
            store.users?.users ?? 0,
          ),
        ]
      : []),
  ];
}

/** `running (healthy)` */
function conditionOf({ status, health }: { status: string; health?: string | undefined }): string {
  return plain(health === undefined ? status : `${status} (${health})`);
}

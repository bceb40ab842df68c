import { existsSync } from 'node:fs';
import { BotllmError } from '../../errors.js';
import { readEvents } from '../../observability/event-reader.js';
import { LlmEvent, type LlmEventName } from '../../observability/events.js';
import { printContainerLog } from '../container-log.js';
import { containerMessages } from '../container-messages.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { fileLength, followFile, lastLines } from '../log-file.js';
import { jsonLogLine, prettyLogLine, recordOf } from '../log-line.js';
import { type SinceFilter, sinceFilter } from '../log-since.js';
import { LOG_OF, type LogOf, logSource } from '../log-source.js';
import { messages } from '../messages.js';
import { parse } from '../parse.js';

const EVENT_NAMES = LlmEvent.options.map((option) => option.shape.event.value);

interface LogOptions {
  lines?: number;
  follow?: true;
  since?: Date;
  event?: string | true;
}

export const logs: CommandSpec = {
  path: 'logs',
  summary: 'print the log of the engine, of its Redis, of the gateway or of the bots; or the events of calls',
  arguments: [{ name: '[of]', description: `${LOG_OF.join(', ')} (llm)` }],
  options: [
    { flags: '-f, --follow', description: 'go on printing what comes' },
    { flags: '-n, --lines <n>', description: 'how many lines (100)', parse: parse.count(0, 1_000_000) },
    {
      flags: '--since <when>',
      description: 'only from then on: 10m, or 2026-05-01T12:00',
      parse: parse.since,
    },
    {
      flags: '--event [name]',
      values: 'events',
      description:
        'only the events of calls (all, or one such as llm_error): those made here, or those in that log',
    },
  ],
  // A bad setting of the client must not keep an operator from this.
  toleratesBadConfig: true,
  examples: [
    'botllm logs -n 20',
    'botllm logs -f',
    'botllm logs --event llm_cache_hit',
    'botllm logs runtime -f --event llm_error',
    'botllm logs redis --since 10m',
  ],
  handler: async (ctx, { arguments: [word], options }) => {
    const { lines: count = 100, follow = false, since, event } = options as LogOptions;
    const of = word === undefined ? undefined : logOf(word);
    const names = event === undefined ? undefined : eventNames(event);
    const print = (line: string) => ctx.out.line(ctx.out.json ? jsonLogLine(line) : prettyLogLine(line));
    const isEvent = (line: string) => {
      const named = recordOf(line)?.event;
      return names?.some((name) => name === named) === true;
    };
    const ownEvents = names !== undefined && (of === undefined || of === 'llm');
    const source = ownEvents ? { file: ctx.layout.eventLog } : await logSource(ctx, of ?? 'llm');
    if ('container' in source) {
      const wish = { count, follow, since, wants: names && isEvent };
      const lines = await printContainerLog(ctx, source.container, wish, print);
      return { schema: 'logs', data: { container: source.container, lines } };
    }
    const { file } = source;
    if (!existsSync(file))
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noLog, { hint: messages.noLogHint });
    const from = await fileLength(file);
    const filter = sinceFilter(since);
    const lines = names ? await eventLines(ctx, names, count, filter) : await lastLines(file, count, filter);
    if (since && lines.length > 0 && !filter.sawTimes()) ctx.out.note(containerMessages.logWithoutTimes);
    for (const line of lines) print(line);
    const wants = (line: string) => (names ? isEvent(line) : true);
    if (follow) await followFile(file, from, (line) => wants(line) && print(line), ctx.signal);
    return { schema: 'logs', data: { file, lines: lines.length } };
  },
};

function logOf(word: string): LogOf {
  const known = LOG_OF.find((one) => one === word);
  if (known) return known;
  throw new BotllmError('USAGE', messages.unknownLog(word), { detail: LOG_OF.join(', ') });
}

function eventNames(event: string | true): readonly LlmEventName[] {
  if (event === true) return EVENT_NAMES;
  const known = EVENT_NAMES.find((name) => name === event);
  if (known) return [known];
  throw new BotllmError('USAGE', messages.unknownEvent(event), { detail: EVENT_NAMES.join(', ') });
}

async function eventLines(
  { layout, out }: Context,
  names: readonly LlmEventName[],
  limit: number,
  { wants }: SinceFilter,
) {
  const { events, broken } = await readEvents(layout.eventLog, { names, limit });
  if (broken > 0) out.note(messages.brokenEventLines(broken));
  return events.map((event) => JSON.stringify(event)).filter(wants);
}

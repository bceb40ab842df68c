import { existsSync } from 'node:fs';
import { BotllmError } from '../../errors.js';
import { readEvents } from '../../observability/event-reader.js';
import { LlmEvent, type LlmEventName } from '../../observability/events.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { fileLength, followFile, lastLines } from '../log-file.js';
import { prettyLogLine } from '../log-line.js';
import { messages } from '../messages.js';
import { parse } from '../parse.js';

const EVENT_NAMES = LlmEvent.options.map((option) => option.shape.event.value);

export const logs: CommandSpec = {
  path: 'logs',
  summary: "print the engine's log, or the events of the calls made here",
  options: [
    { flags: '-f, --follow', description: 'go on printing what comes' },
    { flags: '-n, --lines <n>', description: 'how many lines (100)', parse: parse.count(0, 1_000_000) },
    { flags: '--event [name]', description: 'events of calls instead (all, or one such as llm_success)' },
  ],
  // A bad setting of the client must not keep an operator from this.
  toleratesBadConfig: true,
  examples: ['botllm logs -n 20', 'botllm logs -f', 'botllm logs --event llm_cache_hit'],
  handler: async (ctx, { options }) => {
    const { layout, out, signal } = ctx;
    const {
      lines: count = 100,
      follow,
      event,
    } = options as { lines?: number; follow?: true; event?: string | true };
    const names = event === undefined ? undefined : eventNames(event);
    const file = names ? layout.eventLog : layout.engineLog;
    if (!existsSync(file))
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noLog, { hint: messages.noLogHint });
    const from = await fileLength(file);
    const lines = names ? await eventLines(ctx, names, count) : await lastLines(file, count);
    const print = (line: string) => out.line(out.json ? line : prettyLogLine(line));
    for (const line of lines) print(line);
    if (follow) {
      const isWanted = (line: string) => !names || names.some((name) => line.includes(`"event":"${name}"`));
      await followFile(file, from, (line) => isWanted(line) && print(line), signal);
    }
    return { schema: 'logs', data: { file, lines: lines.length } };
  },
};

function eventNames(event: string | true): readonly LlmEventName[] {
  if (event === true) return EVENT_NAMES;
  const known = EVENT_NAMES.find((name) => name === event);
  if (known) return [known];
  throw new BotllmError('USAGE', messages.unknownEvent(event), { detail: EVENT_NAMES.join(', ') });
}

async function eventLines({ layout, out }: Context, names: readonly LlmEventName[], limit: number) {
  const { events, broken } = await readEvents(layout.eventLog, { names, limit });
  if (broken > 0) out.note(messages.brokenEventLines(broken));
  return events.map((event) => JSON.stringify(event));
}

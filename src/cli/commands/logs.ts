import { existsSync } from 'node:fs';
import { BotllmError } from '../../errors.js';
import { LlmEvent } from '../../observability/events.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { followFile, lastLines } from '../log-file.js';
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
  examples: ['botllm logs -n 20', 'botllm logs -f', 'botllm logs --event llm_cache_hit'],
  handler: async (ctx, { options }) => {
    const {
      lines = 100,
      follow = false,
      event,
    } = options as { lines?: number; follow?: boolean; event?: string | true };
    const wanted = chooseEvent(event);
    const file = event === undefined ? ctx.layout.engineLog : ctx.layout.eventLog;
    if (!existsSync(file))
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noLog, { hint: messages.noLogHint });
    const isWanted = (line: string) => wanted === undefined || line.includes(`"event":"${wanted}"`);
    const print = printer(ctx);
    const { last, end } = await lastLines(file, lines, isWanted);
    for (const line of last) print(line);
    if (follow) await followFile(file, end, (line) => isWanted(line) && print(line), ctx.signal);
    return undefined;
  },
};

function chooseEvent(event: string | true | undefined): string | undefined {
  if (event === undefined || event === true) return undefined;
  if ((EVENT_NAMES as string[]).includes(event)) return event;
  throw new BotllmError('USAGE', messages.unknownEvent(event), { detail: EVENT_NAMES.join(', ') });
}

/** JSON lines stay as they are with `--json`; people get the time, the level and the words. */
function printer({ out }: Context): (line: string) => void {
  return (line) => out.line(out.json ? line : prettyLogLine(line));
}

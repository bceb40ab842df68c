import type { EngineStatus } from '../engines/status.js';
import { type ListedModel, listModels } from '../models/installed.js';
import { problemError } from '../settings/problem.js';
import { prettySize } from '../size.js';
import { chatMessages } from './chat-messages.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { observe } from './observe.js';
import type { Outcome } from './output.js';
import { fields, printable, type Style } from './style.js';

/** A command to type next, and what it does. */
type Step = readonly [command: string, about: string];

/** Where nobody says how wide the terminal is. */
const USUAL_COLUMNS = 80;

/** What somebody sees who types `botllm` alone on a terminal: what is up, what is not, and what to type next. */
export async function guide(ctx: Context): Promise<Outcome> {
  const { guide: words } = chatMessages;
  const [engine, models] = await Promise.all([observe(ctx), listModels(ctx.layout.models)]);
  const here = models.filter(({ installed }) => installed).map(({ name }) => name);
  const [problem] = ctx.configuration.problems;
  const next: Step[] = [
    ...(problem ? [[words.check, words.checkAbout] as const] : []),
    ...stepsOf(engine, here.length > 0 ? undefined : models.find(({ isDefault }) => isDefault)),
  ];
  const rows = [
    [words.engine, printable(describe(engine))],
    [words.models, here.length > 0 ? printable(here.join(', ')) : words.none],
    [words.configuration, problem && printable(problemError(problem).message)],
  ] as const;
  const columns = ctx.stdout.columns || USUAL_COLUMNS;
  return {
    schema: 'guide',
    data: { engine, models: here, next: next.map(([command]) => command) },
    text: (style) =>
      [fields(rows, style), '', stepsText([...next, [words.help, words.helpAbout]], style, columns)].join(
        '\n',
      ),
  };
}

function describe({ state, model, endpoint }: EngineStatus): string {
  const { guide: words } = chatMessages;
  if (endpoint === undefined) return words.stopped;
  const condition = messages.condition[state];
  return model === undefined ? words.unnamed(endpoint, condition) : words.running(model, endpoint, condition);
}

/** @param missing the model that would be fetched first */
function stepsOf({ engine, state }: EngineStatus, missing: ListedModel | undefined): Step[] {
  const { guide: words } = chatMessages;
  if (state === 'ready')
    return [
      [words.ask, words.askAbout],
      [words.chat, words.chatAbout],
      [words.watch, words.watchAbout],
      [words.serve, words.serveAbout],
    ];
  const look: Step = [words.look, words.lookAbout];
  if (state !== 'stopped') return [[words.wait, words.waitAbout], look];
  // Somebody else's: no `up` of ours would start it.
  if (engine === 'remote') return [[words.address, words.addressAbout], look];
  const size = missing?.bytes ?? missing?.approxBytes;
  const about =
    missing === undefined || size === undefined
      ? words.startHere
      : words.startAbout(missing.name, prettySize(size));
  return [[words.start, about], look];
}

/** What a command does stands behind it, and below it where a terminal is too narrow for both. */
function stepsText(steps: readonly Step[], style: Style, columns: number): string {
  const width = Math.max(...steps.map(([command]) => command.length));
  const isNarrow = steps.some(([, about]) => width + 2 + about.length > columns);
  return steps
    .map(([command, about]) =>
      isNarrow
        ? `${style.paint('bold', command)}\n  ${about}`
        : `${style.paint('bold', command.padEnd(width))}  ${about}`,
    )
    .join('\n');
}

import { listModels } from '../models/installed.js';
import { prettySize } from '../size.js';
import { chatMessages } from './chat-messages.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { observe } from './observe.js';
import type { Outcome } from './output.js';
import { fields } from './style.js';

const { guide: words } = chatMessages;

/** What somebody sees who types `botllm` alone on a terminal: what is up, what is not, and what to type next. */
export async function guide(ctx: Context): Promise<Outcome> {
  const [engine, models] = await Promise.all([observe(ctx), listModels(ctx.layout.models)]);
  const here = models.filter(({ installed }) => installed).map(({ name }) => name);
  const isUp = engine.state !== 'stopped';
  const first = models.find(({ isDefault }) => isDefault);
  const size = first?.bytes ?? first?.approxBytes;
  const start =
    here.length > 0 || first === undefined || size === undefined
      ? words.startHere
      : words.startAbout(first.name, prettySize(size));
  const next: [string, string][] = isUp
    ? [
        [words.ask, words.askAbout],
        [words.chat, words.chatAbout],
        [words.watch, words.watchAbout],
        [words.serve, words.serveAbout],
      ]
    : [
        [words.start, start],
        [words.look, words.lookAbout],
      ];
  return {
    schema: 'guide',
    data: { engine, models: here, next: next.map(([command]) => command) },
    text: (style) =>
      [
        fields(
          [
            [
              words.engine,
              isUp
                ? words.running(engine.model ?? '', engine.endpoint ?? '', messages.condition[engine.state])
                : words.stopped,
            ],
            [words.models, here.length > 0 ? here.join(', ') : words.none],
          ],
          style,
        ),
        '',
        fields([...next, [words.help, words.helpAbout]], {
          ...style,
          paint: (_, text) => style.paint('bold', text),
        }),
      ].join('\n'),
  };
}

import { describePortOwner, isPortFree } from '../../engines/port-owner.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../../engines/started-with.js';
import type { EngineStatus } from '../../engines/status.js';
import { BotllmError } from '../../errors.js';
import { CATALOGUE } from '../../models/catalogue.js';
import type { IntentData } from '../../prompts/intent.js';
import type { CompletionResult } from '../../types.js';
import { bringUp } from '../bring-up.js';
import { clientFor } from '../client.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { readText } from '../input.js';
import { messages } from '../messages.js';
import { noteOtherModel, observe } from '../observe.js';
import { parse } from '../parse.js';
import { fields, printable, type Style } from '../style.js';

/** The guide's own four. */
const GUIDE_INTENTS = ['book_service', 'cancel_booking', 'get_info', 'help'];

interface Options {
  intents?: string[];
  user?: string;
  cache: boolean;
  showPrompt?: true;
  stats?: true;
  up?: true;
  allowFallback?: true;
}

export const tryIntent: CommandSpec = {
  path: 'try intent',
  summary: 'what does a user want? One message in, an intent with its confidence and entities out',
  arguments: [{ name: '[text]', description: 'the message, or - for standard input' }],
  options: [
    {
      flags: '--intents <a,b,c>',
      description: "the intents to choose from (the guide's four)",
      parse: parse.list,
    },
    { flags: '--user <id>', description: 'count the call against this user, as a runtime would' },
    { flags: '--no-cache', description: 'ask the model even when the answer is cached' },
    { flags: '--show-prompt', description: 'print what the model is asked, on stderr' },
    { flags: '--stats', description: 'print tokens and times, on stderr' },
    { flags: '--up', description: 'start the engine first if it does not run' },
    { flags: '--allow-fallback', description: 'exit with 0 even when the answer is a fallback' },
  ],
  examples: [
    'botllm try intent "хочу записаться на завтра к мастеру" --up',
    'botllm try intent "cancel my order" --intents order,cancel_order,help --json',
    'echo "где мой заказ?" | botllm try intent -',
  ],
  handler: async (ctx, { arguments: [text], options }) => {
    const given = options as unknown as Options;
    const message = await readText(text, ctx);
    const { BotPromptConfigs } = await import('../../prompts/bot-prompt-configs.js');
    if (!given.intents) ctx.out.note(messages.guideIntents(GUIDE_INTENTS.join(', ')));
    const config = BotPromptConfigs.classifyUserIntent({
      message,
      availableIntents: given.intents ?? GUIDE_INTENTS,
    });
    if (given.showPrompt) {
      for (const { role, content } of config.messages) ctx.out.note(printable(`[${role}]\n${content}`));
    }
    const engine = await engineFor(ctx, given.up === true);
    noteOtherModel(ctx, engine);
    await using llm = await clientFor(ctx, engine);
    const result = await llm.complete(config, {
      signal: ctx.signal,
      cache: given.cache,
      ...(given.user === undefined ? {} : { userId: given.user }),
    });
    ctx.signal.throwIfAborted();
    report(ctx, engine, result, given);
    return {
      schema: 'try.intent',
      data: result,
      text: (style) => describe(result, style),
      exitCode: result.error && !given.allowFallback ? exitCodeOf(result.error.code) : EXIT.ok,
    };
  },
};

/** The engine to ask; started first when that was asked for. */
async function engineFor(ctx: Context, mayStart: boolean): Promise<EngineStatus> {
  const found = await observe(ctx);
  const missing = found.state === 'stopped' || found.state === 'loading' || found.state === 'stopping';
  if (!missing || found.engine === 'remote' || ctx.settings.enabled === false) return found;
  if (mayStart) {
    await bringUp(ctx, {});
    return observe(ctx);
  }
  if (found.state !== 'stopped') return found;
  const port = ctx.settings.port ?? DEFAULT_PORT;
  const owner = (await isPortFree(DEFAULT_HOST, port))
    ? undefined
    : await describePortOwner(DEFAULT_HOST, port);
  throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, {
    detail: owner && messages.noEngineDetail(port, owner),
    hint: messages.noEngineHint,
  });
}

function describe({ data }: CompletionResult<IntentData>, style: Style): string {
  const entities = Object.entries(data.entities).map(([name, value]) => `${name}: ${printable(value)}`);
  return fields(
    [
      ['intent', style.paint('bold', data.intent)],
      ['confidence', data.confidence === null ? messages.unknownConfidence : data.confidence.toFixed(2)],
      ['entities', entities.length > 0 ? entities.join(', ') : messages.noEntities],
    ],
    style,
  );
}

/** The words beside the answer: where it came from, and what the reader should not miss. */
function report(
  { out }: Context,
  engine: EngineStatus,
  result: CompletionResult<IntentData>,
  given: Options,
): void {
  const ms = `${Math.round(result.latencyMs)} ms`;
  out.note([messages.source[result.source], result.model, ms].join(` ${out.style.dot} `));
  if (given.stats) {
    const { usage } = result;
    out.note(
      messages.stats({
        attempts: result.attempts,
        input: usage?.inputTokens,
        cached: usage?.cachedTokens,
        output: usage?.outputTokens,
      }),
    );
  }
  if (engine.standIn && engine.model && result.source !== 'fallback')
    out.note(messages.standIn(engine.model, CATALOGUE.defaultAlias));
  if (result.error) out.explain(result.error);
}

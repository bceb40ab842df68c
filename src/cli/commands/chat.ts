import { BotllmError } from '../../errors.js';
import { talk } from '../chat-loop.js';
import { chatMessages } from '../chat-messages.js';
import { type Answer, aboutAnswer, ChatSession } from '../chat-session.js';
import { clientFor } from '../client.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { readText } from '../input.js';
import { isTerminal } from '../line-loop.js';
import { messages } from '../messages.js';
import { noteOtherModel, observe } from '../observe.js';
import { parse } from '../parse.js';
import { printable } from '../style.js';

interface Given {
  system?: string;
  prompt?: string;
  maxTokens?: number;
  user?: string;
  cache: boolean;
  stats?: true;
}

export const chat: CommandSpec = {
  path: 'chat',
  summary: 'talk to the model; with --prompt or from a pipe: one answer as it comes',
  options: [
    { flags: '-s, --system <text>', description: 'an instruction that stands before everything' },
    { flags: '-p, --prompt <text>', description: 'ask this, print the answer, leave' },
    { flags: '--max-tokens <n>', description: 'longest answer (512)', parse: parse.count(1, 100_000) },
    { flags: '--user <id>', description: 'count it for this user', parse: parse.name, values: 'users' },
    { flags: '--no-cache', description: 'always ask the model' },
    { flags: '--stats', description: 'behind one answer: who gave it, and how fast' },
  ],
  examples: ['botllm chat', 'botllm chat -s "Answer in Russian." -p "What is a cache?" --stats'],
  handler: async (ctx, { options }) => {
    const { system, prompt, maxTokens, user, cache, stats } = options as unknown as Given;
    const engine = await observe(ctx);
    if (engine.state === 'stopped' && engine.engine !== 'remote') {
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: 'botllm up' });
    }
    await noteOtherModel(ctx, engine);
    await using llm = await clientFor(ctx, engine);
    const session = new ChatSession(llm, { system, maxTokens, user, cache });
    const { out } = ctx;
    if (prompt === undefined && isTerminal(ctx)) {
      out.note(chatMessages.hello(printable(engine.model ?? engine.endpoint ?? '')));
      await talk(ctx, session);
      return undefined;
    }
    const hint = messages.missingTextHint('botllm chat -p "…"', 'echo "…" | botllm chat');
    const text = await readText(prompt, ctx, hint);
    const answer = await oneAnswer(ctx, session, text);
    if (stats) out.note(aboutAnswer(answer, messages.source[answer.result.source]));
    const { result, firstMs, tokensPerSecond } = answer;
    return { schema: 'chat', data: { ...result, firstMs, tokensPerSecond } };
  },
};

/** As it comes; what came of one that broke off ends its line, too, so that the error stands on its own. */
async function oneAnswer(
  { out, stdout, signal }: Context,
  session: ChatSession,
  text: string,
): Promise<Answer> {
  let isBegun = false;
  const write = (piece: string) => {
    if (out.json) return;
    isBegun = true;
    stdout.write(piece);
  };
  try {
    return await session.ask(text, write, signal);
  } finally {
    if (isBegun) stdout.write('\n');
  }
}

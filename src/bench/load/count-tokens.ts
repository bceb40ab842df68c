import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { z } from 'zod';
import { exchange } from './http-exchange.js';
import type { LoadPlan } from './plan.js';
import type { Sent, Told } from './sent.js';

/** `tokens` of llama-server, `count` of vLLM, TGI's bare list, in which a start token covers no text. */
const Counted = z.union([
  z.object({ count: z.number().int().nonnegative() }).transform(({ count }) => count),
  z.object({ tokens: z.array(z.unknown()) }).transform(({ tokens }) => tokens.length),
  z
    .array(z.object({ start: z.number(), stop: z.number() }))
    .transform((tokens) => tokens.filter(({ start, stop }) => stop > start).length),
]);

type Wording = (text: string, model: string) => object;
const LLAMACPP: Wording = (content) => ({ content, add_special: false });
const VLLM: Wording = (prompt, model) => ({ model, prompt, add_special_tokens: false });
const TGI: Wording = (inputs) => ({ inputs });
/** How a family is asked. Ollama has no such address. */
const WORDINGS: Readonly<Record<LoadPlan['dialect'], readonly Wording[]>> = {
  llamacpp: [LLAMACPP],
  vllm: [VLLM],
  tgi: [TGI],
  ollama: [],
  openai: [LLAMACPP, VLLM],
};

/**
 * Has the engine count the text of every answer whose tokens nobody told, at its `/tokenize`, once the load is over.
 * The whole text, never its pieces: a piece cut elsewhere is other tokens. Where the engine has no such address, the
 * answers stay uncounted.
 */
export async function countTokens(
  plan: LoadPlan,
  told: readonly Told[],
  { signal, now }: { signal: AbortSignal; now: () => number },
): Promise<Sent[]> {
  const agent = plan.root.startsWith('https:') ? new SecureAgent() : new Agent({ keepAlive: true });
  let wordings = WORDINGS[plan.dialect];
  const countOf = async (text: string): Promise<number | undefined> => {
    for (const wording of wordings) {
      const count = await ask(JSON.stringify(wording(text, plan.model)));
      // What worked once is not sought again, nor what did not.
      if (count !== undefined) {
        wordings = [wording];
        return count;
      }
    }
    wordings = [];
    return undefined;
  };
  const ask = async (body: string): Promise<number | undefined> => {
    const { status, pieces, end } = await exchange({
      url: new URL(`${plan.root}/tokenize`),
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        ...(plan.apiKey !== undefined && { authorization: `Bearer ${plan.apiKey}` }),
      },
      body,
      scheduledAt: now(),
      timeoutMs: plan.timeoutMs,
      signal,
      now,
    });
    if (status !== 200 || end.how !== 'complete') return undefined;
    return Counted.safeParse(jsonOf(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8'))).data;
  };
  try {
    const sent: Sent[] = [];
    for (const { text, ...one } of told) {
      const tokenized = text === undefined ? undefined : await countOf(text);
      sent.push(tokenized === undefined ? one : { ...one, trace: { ...one.trace, tokenized } });
    }
    return sent;
  } finally {
    agent.destroy();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

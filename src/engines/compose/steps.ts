import { BotllmError } from '../../errors.js';
import * as z from '../../zod.js';
import type { FamilyPlan } from './families/contract.js';
import { SAY } from './messages.js';

export interface StepsContext {
  signal: AbortSignal;
  /** Bound of each step, milliseconds: one of them fetches the model. */
  timeoutMs: number;
  onPhase: (phase: 'download', progress?: number) => void;
}

/** A line of Ollama's answer to `/api/pull`. */
const Line = z.object({
  total: z.optional(z.number()),
  completed: z.optional(z.number()),
  error: z.optional(z.string()),
});

/**
 * What a family wants done after it has started: Ollama fetches and loads on request.
 * @throws BotllmError `MODEL_UNAVAILABLE`, with its words
 */
export async function takeSteps({ steps }: FamilyPlan, endpoint: string, ctx: StepsContext): Promise<void> {
  const { signal, timeoutMs, onPhase } = ctx;
  for (const { path, body } of steps) {
    const response = await fetch(endpoint + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }).catch((cause) => {
      signal.throwIfAborted();
      throw failed(path, undefined, cause);
    });
    for await (const line of linesOf(response, path, signal)) {
      const { error, total, completed } = readLine(line);
      if (error !== undefined) throw failed(path, error);
      if (total && completed !== undefined) onPhase('download', Math.min(1, completed / total));
    }
    if (!response.ok) throw failed(path, String(response.status));
  }
}

/** The longest line that is read: an answer without an end is none. */
const LINE_CHARS = 64 * 1024;

async function* linesOf({ body }: Response, path: string, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const chunks = body?.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await (chunks?.read() ?? { done: true, value: undefined });
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(-LINE_CHARS);
      yield* lines;
    }
  } catch (cause) {
    // The engine died in the middle of its answer.
    signal.throwIfAborted();
    throw failed(path, undefined, cause);
  } finally {
    await chunks?.cancel().catch(() => undefined);
  }
  yield rest;
}

function readLine(line: string): z.infer<typeof Line> {
  try {
    return Line.safeParse(JSON.parse(line)).data ?? {};
  } catch {
    return {};
  }
}

function failed(path: string, words: string | undefined, cause?: unknown): BotllmError {
  return new BotllmError('MODEL_UNAVAILABLE', SAY.stepFailed(path), {
    detail: words?.slice(0, 300),
    hint: SAY.stepFailedHint,
    cause,
  });
}

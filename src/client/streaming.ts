import { BotllmError } from '../errors.js';
import type { AnswerSource, CompletionResult, FinishReason, Usage } from '../types.js';
import { enter, retryOptions } from './ask-engine.js';
import type { CachedAnswer } from './cache.js';
import type { Call } from './call.js';
import { onEnd } from './cancel.js';
import { checkContext } from './context-check.js';
import { enterGuards } from './entrance.js';
import type { Kit } from './kit.js';
import { MESSAGES } from './messages.js';
import type { OpenCall } from './open-call.js';
import { passGuards, prepare } from './pipeline.js';
import type { Leave } from './places.js';
import { asCallError, resultOf } from './result.js';
import { retryBudget, withRetries } from './retry.js';
import { startStream } from './stream-attempt.js';

/** A streamed answer. Nothing is asked before it is iterated, once; leaving the loop closes the request. */
export interface LlmStream extends AsyncIterable<string> {
  /** Who answers, and from where: known from the first piece on. */
  readonly about: StreamAbout | undefined;
  /**
   * The whole answer, when the iteration is over; reads the stream to its end where nobody iterates it.
   * @throws BotllmError what ended the stream; `ABORTED` when it was left early
   */
  result(): Promise<CompletionResult>;
}

export interface StreamAbout {
  /** The configured, else the served name of the model. */
  model: string;
  source: Exclude<AnswerSource, 'fallback'>;
}

/** What is left of a stream at its end. */
interface Gathered {
  text: string;
  finishReason: FinishReason;
  usage: Usage | undefined;
  ageMs: number | null;
}

interface Settle {
  resolve(result: CompletionResult): void;
  reject(error: BotllmError): void;
}

export function openStream(kit: Kit, open: () => OpenCall): LlmStream {
  return new OneStream(kit, open);
}

/** A class, for V8 takes longer to make an object with a getter of its own than all the rest of it. */
class OneStream implements LlmStream {
  about: StreamAbout | undefined;
  private taken = false;
  private settle: Settle = { resolve: () => {}, reject: () => {} };
  private readonly settled: Promise<CompletionResult>;

  constructor(
    private readonly kit: Kit,
    private readonly open: () => OpenCall,
  ) {
    this.settled = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Who only iterates has the error from there.
    this.settled.catch(() => {});
  }

  [Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    if (this.taken) throw new BotllmError('INVALID_REQUEST', MESSAGES.iterateOnce);
    this.taken = true;
    return this.iterate();
  }

  async result(): Promise<CompletionResult> {
    if (!this.taken) for await (const _ of this);
    return this.settled;
  }

  private async *iterate(): AsyncGenerator<string, void, undefined> {
    const { kit, settle } = this;
    const { call, end } = this.begin();
    const { signal } = call.patience;
    let ended = false;
    const fail = (error: BotllmError) => {
      if (ended) return;
      ended = true;
      kit.telemetry.failure(call, error, false);
      settle.reject(error);
    };
    // A reader who forgets the stream halfway never comes back to hear how it ended.
    const forgotten = () => fail(asCallError(signal.reason, call));
    onEnd(signal, forgotten);
    try {
      const source = await openSource(kit, call);
      this.about = { model: call.model, source: source.from };
      let gathered: Gathered | undefined;
      try {
        let text = '';
        for (let piece = source.first; piece !== null; piece = await source.next()) {
          text += piece;
          yield piece;
        }
        gathered = source.whole(text);
      } finally {
        source.close(gathered !== undefined);
      }
      ended = true;
      kit.telemetry.success(call, { cachedAgeMs: gathered.ageMs, usage: gathered.usage });
      settle.resolve(resultOf(kit, call, outcomeOf(gathered)));
    } catch (cause) {
      const error = asCallError(cause, call);
      fail(error);
      throw error;
    } finally {
      end();
      if (!ended) fail(new BotllmError('ABORTED', MESSAGES.broken, { requestId: call.requestId }));
    }
  }

  private begin(): OpenCall {
    try {
      return this.open();
    } catch (error) {
      this.settle.reject(error as BotllmError);
      throw error;
    }
  }
}

/** Pieces of one answer, the first of which is there. */
interface Source {
  from: StreamAbout['source'];
  /** Null: there is not one. */
  first: string | null;
  next(): Promise<string | null>;
  /** At the end, of all its pieces. */
  whole(text: string): Gathered;
  close(answered: boolean): void;
}

/**
 * The pipeline of a stream: as of every call, without re-ask, and without flights and leases: each reader has a
 * pace of his own, and one who stops reading must keep nobody waiting. Its whole answer is kept like any other.
 */
async function openSource(kit: Kit, call: Call): Promise<Source> {
  const key = await prepare(kit, call);
  const entrance = key === null ? null : await enterGuards(kit, call, key, null);
  if (entrance?.kept) return replay(entrance.kept);
  const quota = entrance?.quota ?? (await passGuards(kit, call));
  try {
    await checkContext(kit, call, call.patience);
    const leave = await enter(kit, call, call.patience);
    // Also for a reader who forgets the stream: his place is not lost with him.
    onEnd(call.patience.signal, () => leave(false));
    return await ask(kit, call, key, leave);
  } catch (error) {
    if (call.attempts === 0) quota.refund();
    throw error;
  }
}

async function ask(kit: Kit, call: Call, key: string | null, leave: Leave): Promise<Source> {
  const retries = retryOptions(kit, call, call.patience, retryBudget(kit.config.maxRetries));
  try {
    const { stream, first } = await withRetries(() => startStream(kit, call), retries);
    return {
      from: 'model',
      first,
      next: () => stream.next(),
      whole(text) {
        const finishReason = stream.finishReason();
        if (key !== null && finishReason === 'stop' && text !== '') {
          void kit.cache.put(key, { text, finishReason, confidence: null });
        }
        return { text, finishReason, usage: stream.usage(), ageMs: null };
      },
      close(answered) {
        stream.close();
        leave(answered);
      },
    };
  } catch (error) {
    leave(false);
    throw error;
  }
}

/** A kept answer in pieces, so that a reader need not know where it came from. */
function replay({ text, ageMs }: CachedAnswer): Source {
  const [first = null, ...rest] = text.match(/\S+\s*|\s+/g) ?? [];
  const pieces = rest.values();
  return {
    from: 'cache',
    first,
    next: async () => pieces.next().value ?? null,
    whole: () => ({ text, finishReason: 'stop', usage: undefined, ageMs }),
    close: () => {},
  };
}

function outcomeOf({ text, finishReason, usage, ageMs }: Gathered) {
  return {
    content: text,
    data: undefined,
    confidence: null,
    source: ageMs === null ? ('model' as const) : ('cache' as const),
    finishReason,
    ageMs,
    own: true,
    ...(usage && { usage }),
  };
}

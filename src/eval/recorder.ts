import { z } from 'zod';
import type { Transport, TransportReply } from '../client/transport/contract.js';

/** What an engine answered to one request, before any of our checks. */
export interface RawReply {
  text: string;
  finishReason: string | null;
  /** The likeliest first tokens with their natural logarithms, where the engine gives them. */
  firstTokens: readonly { token: string; logprob: number }[];
}

/** A change of a request's body on its way out. */
export type BodyChange = (body: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** A transport that keeps what engines really said: the client shows only what passed its checks. */
export interface Recorder {
  transport: Transport;
  /** Listens to the replies of one call until `close`. */
  open(requestId: string): Recording;
}

export interface Recording {
  readonly replies: readonly RawReply[];
  /** From now on bodies of this call go out changed. */
  change(change: BodyChange): void;
  close(): void;
}

const token = z.object({ token: z.string(), logprob: z.number() });
const Reply = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }).optional(),
        finish_reason: z.string().nullish(),
        logprobs: z
          .object({ content: z.array(z.object({ top_logprobs: z.array(token).optional() })).nullish() })
          .nullish(),
      }),
    )
    .min(1),
});

export function createRecorder(inner: Transport): Recorder {
  const calls = new Map<string, { replies: RawReply[]; change: BodyChange | undefined }>();
  return {
    transport: {
      async send(request) {
        const call = calls.get(request.requestId);
        const { body } = request;
        const changed = body && call?.change ? { ...request, body: call.change(body) } : request;
        const reply = await inner.send(changed);
        if (call && body) call.replies.push(...readRaw(reply));
        return reply;
      },
      stream: (request) => inner.stream(request),
      close: () => inner.close(),
    },
    open(requestId) {
      const call: { replies: RawReply[]; change: BodyChange | undefined } = {
        replies: [],
        change: undefined,
      };
      calls.set(requestId, call);
      return {
        replies: call.replies,
        change: (change) => {
          call.change = change;
        },
        close: () => calls.delete(requestId),
      };
    },
  };
}

/** Only answers count: a refusal, or a count of tokens, has no choice. */
function readRaw({ body }: TransportReply): RawReply[] {
  const choice = Reply.safeParse(body).data?.choices[0];
  if (!choice?.message) return [];
  return [
    {
      text: choice.message.content ?? '',
      finishReason: choice.finish_reason ?? null,
      firstTokens: choice.logprobs?.content?.[0]?.top_logprobs ?? [],
    },
  ];
}

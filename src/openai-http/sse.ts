/** Sends events to one client. Writing after the client went away does nothing. */
export interface SseWriter {
  send(data: unknown): void;
  /** Sends the literal `[DONE]` that ends a stream of OpenAI's shape. */
  done(): void;
}

/** A comment line this often keeps proxies from closing a stream that waits in the queue. */
const KEEP_ALIVE_MS = 15_000;

/**
 * A reply of server-sent events. `produce` runs at its own pace: a client that reads slowly must not hold
 * an engine's slot, and an answer is never larger than the context.
 * @param produce must not reject; it reports a failure as an event of its own
 */
export function sseResponse(
  produce: (writer: SseWriter) => Promise<void>,
  headers: Record<string, string> = {},
): Response {
  const encoder = new TextEncoder();
  let open = true;
  let keepAlive: NodeJS.Timeout | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        if (open) controller.enqueue(encoder.encode(text));
      };
      keepAlive = setInterval(() => write(': waiting\n\n'), KEEP_ALIVE_MS);
      keepAlive.unref();
      const writer: SseWriter = {
        send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
        done: () => write('data: [DONE]\n\n'),
      };
      void produce(writer).finally(() => {
        clearInterval(keepAlive);
        if (open) controller.close();
        open = false;
      });
    },
    cancel() {
      open = false;
      clearInterval(keepAlive);
    },
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
}

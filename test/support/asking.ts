import { setTimeout as sleep } from 'node:timers/promises';

/** One short completion of the engine on a port of this machine. */
export const complete = (port: number, body: object = {}) =>
  fetch(`http://127.0.0.1:${port}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Hi', max_tokens: 1, temperature: 0, ...body }),
  });

export interface Asked {
  answered: number;
  failed: number;
  /** Between two answers with a failure between them, milliseconds. */
  longestMs: number;
}

/** Asks an engine again and again; the function that comes back ends that and tells how it went. */
export function asking(port: number): () => Promise<Asked> {
  let stopped = false;
  const seen: Asked = { answered: 0, failed: 0, longestMs: 0 };
  const loop = (async () => {
    let answeredAt = performance.now();
    let failing = false;
    while (!stopped) {
      const answered = await complete(port)
        .then(async (reply) => ({ ok: reply.ok, text: await reply.text() }))
        .then(
          ({ ok }) => ok,
          () => false,
        );
      const now = performance.now();
      if (answered && failing) seen.longestMs = Math.max(seen.longestMs, Math.round(now - answeredAt));
      if (answered) answeredAt = now;
      if (answered) seen.answered += 1;
      else seen.failed += 1;
      failing = !answered;
      await sleep(5);
    }
  })();
  return async () => {
    stopped = true;
    await loop;
    return seen;
  };
}

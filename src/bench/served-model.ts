import { systemClock } from '../client/clock.js';
import { createDetector, type EngineFacts } from '../client/detect.js';
import { createUndiciTransport } from '../client/transport/undici.js';

/** What an engine says of itself: family, served name, slots, context. Asks it nothing that costs a token. */
export async function engineFacts(
  root: string,
  apiKey: string | undefined,
  signal: AbortSignal,
): Promise<EngineFacts> {
  const transport = await createUndiciTransport({ root, apiKey });
  try {
    const detector = createDetector({
      transport: () => Promise.resolve(transport),
      clock: systemClock,
      dialect: 'auto',
      enabled: true,
    });
    return await detector.facts(signal);
  } finally {
    await transport.close();
  }
}

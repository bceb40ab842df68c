import type { CatalogueEntry } from './catalogue.js';
import { type ModelContext, PATIENCE } from './context.js';
import { hubAddress } from './hub-address.js';
import { openHubFetch } from './hub-fetch.js';
import { causeOf } from './hub-request.js';
import { SAY } from './messages.js';

export type HubAnswer = { reachable: true } | { reachable: false; why: string };

/**
 * Whether the hub answers in time (3 s). Any answer but a 5xx counts: a refusal is an answer too, and is
 * reported by the download in its own words.
 */
export async function probeHub(entry: CatalogueEntry, ctx: ModelContext): Promise<HubAnswer> {
  const { source } = entry;
  if (source.kind !== 'hub') return { reachable: false, why: SAY.notFromHub };
  const probeMs = ctx.patience?.probeMs ?? PATIENCE.probeMs;
  const timeout = AbortSignal.timeout(probeMs);
  await using hub = openHubFetch(ctx);
  try {
    const response = await hub.fetch(hubAddress(ctx.hfEndpoint, source.repo, source.file), {
      method: 'HEAD',
      redirect: 'manual',
      signal: ctx.signal ? AbortSignal.any([ctx.signal, timeout]) : timeout,
    });
    return response.status >= 500
      ? { reachable: false, why: SAY.httpStatus(response.status) }
      : { reachable: true };
  } catch (error) {
    ctx.signal?.throwIfAborted();
    return { reachable: false, why: timeout.aborted ? SAY.stalled(probeMs) : causeOf(error) };
  }
}

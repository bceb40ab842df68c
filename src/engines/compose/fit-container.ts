import { readFile, stat } from 'node:fs/promises';
import { readGguf } from '../../models/gguf.js';
import { memoryFacts } from '../../models/memory.js';
import type { ResolvedModel } from '../../models/resolve.js';
import { type BesideFit, fitBeside, type Resident, residentOf } from '../beside/fit.js';
import type { MemoryWish, ModelShape } from '../memory-estimate.js';
import type { Container } from './container.js';
import { ggufQuantisation } from './families/gguf.js';
import type { GpuCard } from './gpu.js';
import type { ComposeWish } from './order.js';
import { planContainer } from './plan.js';
import { recipe } from './profiles.js';

/**
 * Whether a second container of llama.cpp has room beside the one that serves: its weights and the KV cache of all
 * that it would serve at once. Of a repository that the catalogue does not know nothing is known.
 * @param serving the container that serves
 * @param cards those of this machine
 */
export async function fitContainer(
  wish: ComposeWish,
  serving: Container,
  cards: readonly GpuCard[],
): Promise<BesideFit> {
  const { shape, load } = await containerLoad(wish);
  return fitBeside({
    shape,
    wish: load,
    serving: await residentIn(serving),
    usesGpu: wish.gpus.length > 0,
    cards: cards.filter(({ index }) => wish.gpus.includes(index)),
    available: process.availableMemory(),
  });
}

/** What a container of llama.cpp would load, and all that it would serve at once. */
export async function containerLoad(wish: ComposeWish): Promise<{ shape: ModelShape; load: MemoryWish }> {
  const { context, slots } = planContainer(wish);
  const { model, quantize } = recipe(wish);
  return { shape: await shapeOfModel(model, quantize), load: { context, slots } };
}

async function shapeOfModel(model: ResolvedModel, asked: string): Promise<ModelShape> {
  const none = { name: '', path: '', thinking: false };
  if (model.kind === 'file') {
    const [{ size }, facts] = await Promise.all([stat(model.path), readGguf(model.path)]);
    return { ...none, bytes: size, context: facts.context, kvBytesPerToken: facts.kvBytesPerToken };
  }
  if (model.kind !== 'catalogue') return none;
  const { quantise = model.entry.quantisation } = ggufQuantisation(asked, 'llama.cpp');
  const { weights, kvBytesPerToken } = memoryFacts(model.entry, quantise);
  return { ...none, bytes: weights, context: model.entry.context, kvBytesPerToken };
}

/** What the processes of a container hold; null where Docker runs on another machine, or in one of its own. */
export async function residentIn({ id, pid }: Pick<Container, 'id' | 'pid'>): Promise<Resident | null> {
  const text = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  if (pid <= 0 || !(await text('cgroup')).includes(id)) return null;
  // The entry's shell, and the server below it.
  const below = (await text(`task/${pid}/children`)).trim().split(' ').filter(Boolean).map(Number);
  const all = await Promise.all([pid, ...below].map(residentOf));
  return all.reduce<Resident>(
    (sum, one) => ({ files: sum.files + (one?.files ?? 0), total: sum.total + (one?.total ?? 0) }),
    { files: 0, total: 0 },
  );
}

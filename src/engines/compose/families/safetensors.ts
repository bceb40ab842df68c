import { BotllmError } from '../../../errors.js';
import { SAY } from '../messages.js';
import type { FamilyOrder } from './contract.js';
import { cannotServe } from './refuse.js';

/** What a family that loads a repository's own weights calls its quantisations. */
export interface QuantiseWords {
  /** The guide's words in its own. */
  fromGuide: Readonly<Record<string, string>>;
  /** Its own words that work with any repository: they quantise while loading. */
  whileLoading: readonly string[];
  /** Those that a repository has to be stored in. */
  stored: readonly string[];
  /** Whether it wants to be told how the repository is stored, or reads that itself. */
  tellsStored: boolean;
}

/** The repository of vLLM or TGI; a gated one without a token gives way to its free copy. */
export function repository(
  order: FamilyOrder,
  family: 'vllm' | 'tgi',
  title: string,
): { repo: string; notices: string[] } {
  const { model, hfToken } = order;
  if (model.kind === 'hub') {
    const gguf = model.file !== undefined || model.quantisation !== undefined || /-gguf$/i.test(model.repo);
    if (gguf) throw cannotServe(model, title);
    return { repo: model.repo, notices: [] };
  }
  const ids = model.kind === 'catalogue' ? model.entry.engines : undefined;
  const repo = ids?.[family];
  if (model.kind !== 'catalogue' || repo === undefined) throw cannotServe(model, title);
  if (model.entry.licence.gated !== true || hfToken) return { repo, notices: [] };
  if (ids?.ungated !== undefined) return { repo: ids.ungated, notices: [SAY.ungated(repo, ids.ungated)] };
  throw new BotllmError('MODEL_UNAVAILABLE', SAY.gated(repo), { hint: SAY.gatedHint });
}

/** A quantisation in the family's words; no value: nothing is passed on. */
export function quantisation(
  { quantize, quantizeIsGoal }: FamilyOrder,
  repo: string,
  words: QuantiseWords,
  title: string,
): { value?: string; notices: string[] } {
  const asked = quantize.toLowerCase();
  if (asked === '') return { notices: [] };
  const translated = words.fromGuide[asked];
  if (translated !== undefined) return { value: translated, notices: [SAY.quantise(quantize, translated)] };
  if (words.whileLoading.includes(asked)) return { value: asked, notices: [] };
  if (words.stored.includes(asked)) {
    if (isStoredAs(repo, asked)) {
      if (words.tellsStored) return { value: asked, notices: [] };
      return { notices: [SAY.quantiseByRepository(quantize, repo)] };
    }
    const nearest = words.fromGuide.int4;
    if (quantizeIsGoal && nearest !== undefined)
      return { value: nearest, notices: [SAY.nearestQuantise(quantize, nearest, repo)] };
    throw new BotllmError('BAD_CONFIG', SAY.notStoredSo(quantize, repo), { hint: SAY.notStoredSoHint });
  }
  const names = [...Object.keys(words.fromGuide), ...words.whileLoading, ...words.stored].join(', ');
  throw new BotllmError('BAD_CONFIG', SAY.unknownQuantise(quantize, title), {
    hint: SAY.quantiseHint(names),
  });
}

/** A repository's name is all that can be known of it here; those that are stored so say it there. */
const isStoredAs = (repo: string, quantise: string): boolean => repo.toLowerCase().includes(quantise);

/** @throws BotllmError `MISSING_PREREQUISITE`, unless the image is the user's own and may run without one */
export function needGpu({ gpus, image }: FamilyOrder, title: string): void {
  if (gpus.length > 0 || image !== undefined) return;
  throw new BotllmError('MISSING_PREREQUISITE', SAY.needsGpu(title), { hint: SAY.needsGpuHint });
}

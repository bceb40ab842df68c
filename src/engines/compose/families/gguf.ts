import { BotllmError } from '../../../errors.js';
import { quantisationOf } from '../../../models/quantisation.js';
import type { ResolvedModel } from '../../../models/resolve.js';
import { SAY } from '../messages.js';

/** The guide's words for a quantisation, as GGUF names them: nobody stores GPTQ in a GGUF file. */
const FROM_GUIDE: Readonly<Record<string, string>> = { int4: 'Q4_K_M', gptq: 'Q4_K_M', int8: 'Q8_0' };
const GGUF_NAME = /^(?:I?Q[1-8]\w*|TQ[12]\w*|MXFP4\w*|B?F16|F32)$/i;

/** What the name of a repository says of weights that no GGUF engine loads. */
const OTHER_FORMAT = /-(?:GPTQ|AWQ)/i;

/** A quantisation in GGUF's words; without one, what the model is best served with. */
export function ggufQuantisation(asked: string, family: string): { quantise?: string; notices: string[] } {
  if (asked === '') return { notices: [] };
  const translated = FROM_GUIDE[asked.toLowerCase()];
  if (translated !== undefined) {
    return { quantise: translated, notices: [SAY.quantise(asked, translated)] };
  }
  if (GGUF_NAME.test(asked)) return { quantise: asked.toUpperCase(), notices: [] };
  throw new BotllmError('BAD_CONFIG', SAY.unknownQuantise(asked, family), {
    hint: SAY.quantiseHint('int4, int8, gptq, or a name of GGUF such as Q5_K_M'),
  });
}

/** Where on the hub a model's GGUF file is: a repository and a quantisation of it, or one file. */
export type GgufPlace = { repo: string; quantise?: string | undefined } | { repo: string; file: string };

/** Undefined where the catalogue or the reference names no GGUF on the hub. */
export function ggufPlace(model: ResolvedModel, asked: string | undefined): GgufPlace | undefined {
  if (model.kind === 'hub') {
    if (OTHER_FORMAT.test(model.repo)) return undefined;
    if (model.file !== undefined) return { repo: model.repo, file: model.file };
    // What stands in the reference itself is the nearer word.
    return { repo: model.repo, quantise: model.quantisation ?? asked };
  }
  const known = model.kind === 'catalogue' ? model.entry.engines?.llamacpp : undefined;
  if (model.kind !== 'catalogue' || known === undefined) return undefined;
  const own = model.entry.quantisation;
  if (asked !== undefined && asked !== own) return { repo: known.others ?? known.repo, quantise: asked };
  // As the file itself is called: Phi-3's is a plain Q4.
  const named = known.file === undefined ? undefined : quantisationOf(known.file);
  return { repo: known.repo, quantise: named ?? own };
}

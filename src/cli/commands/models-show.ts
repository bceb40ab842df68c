import { say } from '../../language.js';
import { describeModel, type ModelDescription } from '../../models/describe.js';
import { prettySize } from '../../size.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import { parse } from '../parse.js';
import { fields, type Style } from '../style.js';

export const modelsShow: CommandSpec = {
  path: 'models show',
  summary: 'show what is known of one model: memory, licence, context, names per engine',
  arguments: [
    {
      name: '<model>',
      description: 'an alias or a name of `botllm models`, or a .gguf file',
      values: 'models',
    },
  ],
  options: [
    {
      flags: '--context <tokens>',
      description: 'tokens in all that the memory is reckoned for (4096)',
      parse: parse.count(1, 10_000_000),
    },
    { flags: '--quantize <q>', description: 'reckon with another quantisation, e.g. Q8_0, BF16' },
  ],
  examples: ['botllm models show phi3-mini', 'botllm models show qwen3-4b --context 32768 --quantize Q8_0'],
  handler: async ({ layout }, { arguments: [ref = ''], options }) => {
    const model = await describeModel(ref, {
      asking: (alias) => `botllm models show ${alias}`,
      modelsDir: layout.models,
      context: options.context as number | undefined,
      quantisation: options.quantize as string | undefined,
    });
    return { schema: 'models.show', data: dataOf(model), text: (style) => textOf(model, style) };
  },
};

function dataOf({ entry, facts, path, ...model }: ModelDescription): object {
  return { ...entry, ...model, installed: path !== undefined, path, file: facts };
}

function textOf(model: ModelDescription, style: Style): string {
  const { entry, facts, name, path, fits, machineBytes } = model;
  const rows: [string, string | undefined][] = [
    ['title', entry?.title ?? facts?.name],
    ['good for', entry && say(entry.goodFor)],
    ['guide', entry?.guideWord && messages.modelsGuide[entry.guideWord]],
    ['size', sizeText(model)],
    ['quantisation', model.quantisation],
    ['context', model.context === undefined ? undefined : messages.modelsTokens(model.context)],
    ['memory', memoryText(model)],
    ['fits', fits === undefined ? undefined : messages.modelsFitsIn(fits, prettySize(machineBytes))],
    ['licence', licenceText(model)],
    ['', entry?.licence.note && say(entry.licence.note)],
    ['template', templateText(model)],
    ['languages', entry?.languages?.join(', ')],
    ['architecture', facts?.architecture],
    ['llamacpp', engineFile(model)],
    ['vllm, tgi', entry?.engines?.vllm],
    ['ollama', entry?.engines?.ollama],
    ['source', model.source],
    ['sha256', model.sha256],
    ['here', path ?? messages.modelsNotInstalled(`botllm pull ${name}`)],
  ];
  return [style.paint('bold', name), fields(rows, style)].join('\n');
}

function sizeText({ bytes, entry }: ModelDescription): string | undefined {
  if (bytes !== undefined) return prettySize(bytes);
  return entry?.approxBytes === undefined ? undefined : messages.modelsAbout(prettySize(entry.approxBytes));
}

function memoryText({ memory }: ModelDescription): string {
  if (!memory) return messages.modelsUnknown;
  const { total, weights, kv, overhead, context } = memory;
  const [all, w, k, o] = [total, weights, kv, overhead].map((bytes) => prettySize(bytes));
  return messages.modelsNeed({ total: all ?? '', weights: w ?? '', kv: k ?? '', overhead: o ?? '', context });
}

function licenceText({ entry }: ModelDescription): string | undefined {
  if (!entry) return undefined;
  const { name, commercial, gated } = entry.licence;
  const warnings = [commercial === false && messages.modelsNotCommercial, gated && messages.modelsGatedWord];
  return [name, ...warnings.filter((warning) => typeof warning === 'string')].join('; ');
}

function templateText({ entry }: ModelDescription): string | undefined {
  const { systemRole, thinkingMode } = entry ?? {};
  const role = systemRole === undefined ? undefined : messages.modelsSystemRole[systemRole ? 'yes' : 'no'];
  const known = [role, thinkingMode && messages.modelsThinking].filter((word) => typeof word === 'string');
  return known.length > 0 ? known.join('; ') : undefined;
}

function engineFile({ entry }: ModelDescription): string | undefined {
  const { repo, file } = entry?.engines?.llamacpp ?? {};
  return file === undefined ? repo : `${repo}/${file}`;
}

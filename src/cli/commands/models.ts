import { say } from '../../language.js';
import { type ListedModel, listModels } from '../../models/installed.js';
import { machineMemory } from '../../models/machine.js';
import { fitsMemory, memoryFacts, USUAL_CONTEXT } from '../../models/memory.js';
import { prettySize } from '../../size.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import type { Style } from '../style.js';
import { table } from '../table.js';

export const models: CommandSpec = {
  path: 'models',
  summary: 'list the models that botllm knows, and which lie here',
  examples: ['botllm models', 'botllm models --json'],
  handler: async ({ layout }) => {
    const memory = machineMemory();
    const listed = (await listModels(layout.models)).map((model) => ({ model, fits: fitsIn(model, memory) }));
    const data = {
      folder: layout.models,
      machineBytes: memory,
      models: listed.map(({ model: { entry, ...model }, fits }) => ({
        ...model,
        ...(fits === undefined ? {} : { fits }),
        licence: entry?.licence,
        context: entry?.context,
        guideWord: entry?.guideWord,
      })),
    };
    const text = (style: Style) =>
      table(
        ['model', 'size', 'licence', 'here', 'fits', ''],
        listed.map(({ model, fits }) => [
          model.installed ? style.paint('green', model.name) : model.name,
          sizeOf(model),
          model.entry?.licence.id ?? '',
          model.installed ? messages.modelsYes : '',
          messages.modelsFits[fits === undefined ? 'unknown' : fits ? 'yes' : 'no'],
          remarks(model),
        ]),
      );
    return { schema: 'models', data, text };
  },
};

/** With the context that a bot usually needs, or all that the model has. */
function fitsIn({ entry, bytes }: ListedModel, memory: number): boolean | undefined {
  const facts = { ...(entry ? memoryFacts(entry) : {}), ...(bytes === undefined ? {} : { weights: bytes }) };
  return fitsMemory(facts, memory, Math.min(USUAL_CONTEXT, entry?.context ?? USUAL_CONTEXT));
}

function sizeOf({ bytes, approxBytes }: ListedModel): string {
  if (bytes !== undefined) return prettySize(bytes);
  return approxBytes === undefined ? '' : messages.modelsAbout(prettySize(approxBytes));
}

function remarks({ isDefault, isStandIn, partBytes, entry }: ListedModel): string {
  return [
    isDefault && messages.modelsDefault,
    isStandIn && messages.modelsStandIn,
    partBytes !== undefined && messages.modelsPart(prettySize(partBytes)),
    entry?.licence.commercial === false && messages.modelsNonCommercial,
    entry?.licence.gated && messages.modelsGated,
    entry?.guideWord && say(entry.guideWord),
  ]
    .filter((remark) => typeof remark === 'string')
    .join(', ');
}

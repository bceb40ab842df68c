import prettyBytes from 'pretty-bytes';
import { type ListedModel, listModels } from '../../models/installed.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import type { Style } from '../style.js';
import { table } from '../table.js';

export const models: CommandSpec = {
  path: 'models',
  summary: 'list the models that botllm knows, and which lie here',
  examples: ['botllm models', 'botllm models --json'],
  handler: async ({ layout }) => {
    const listed = await listModels(layout.models);
    const data = {
      folder: layout.models,
      models: listed.map(({ entry, ...model }) => ({
        ...model,
        licence: entry?.licence,
        context: entry?.context,
      })),
    };
    const text = (style: Style) =>
      table(
        ['model', 'size', 'licence', ''],
        listed.map((model) => [
          model.installed ? style.paint('green', model.name) : model.name,
          prettyBytes(model.bytes),
          model.entry?.licence.id ?? '',
          remarks(model),
        ]),
      );
    return { schema: 'models', data, text };
  },
};

function remarks({ installed, isDefault, isStandIn, partBytes, entry }: ListedModel): string {
  return [
    installed && messages.modelsInstalled,
    isDefault && messages.modelsDefault,
    isStandIn && messages.modelsStandIn,
    partBytes !== undefined && messages.modelsPart(prettyBytes(partBytes)),
    entry?.licence.commercial === false && messages.modelsNonCommercial,
    entry?.licence.gated && messages.modelsGated,
  ]
    .filter((remark) => typeof remark === 'string')
    .join(', ');
}

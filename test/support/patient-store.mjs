import { createEmbeddedStore } from '../../dist/stores/embedded.js';
import { openStore } from '../../dist/stores/open.js';

/**
 * A shared store that takes its time: on a busy machine the usual bounds of a call would be over before a store in
 * perfect health has answered. For tests of what a working store does; not for those of a failing one.
 * @param {{ folder?: string, url?: string }} where
 */
export async function patientStore({ folder = '', url }) {
  if (url !== undefined) return await openStore({ kind: 'redis', url, patient: true });
  return createEmbeddedStore({ folder, timeoutMs: 10_000, openTimeoutMs: 10_000, startTimeoutMs: 30_000 });
}

import type { Preview, PreviewRequest } from '../launch.js';
import { estimatePlan } from '../memory-estimate.js';
import type { NativeServer } from './find.js';
import { wishedCommand } from './wish.js';

/** The command of a llama-server, and what it would take on the processor. */
export async function foreseeNative(server: NativeServer, preview: PreviewRequest): Promise<Preview> {
  const { request, shape, host, port } = preview;
  const command = await wishedCommand(server, request, shape, { host, port });
  const plan = server.device === 'cpu' ? await estimatePlan(shape, request) : undefined;
  return { command: server.binary, ...command, memory: plan?.sum };
}

import { type ModelShape, requirePlan } from '../memory-estimate.js';
import type { UpRequest } from '../started-with.js';
import { type ServerCommand, serverCommand } from './args.js';
import type { NativeServer } from './find.js';

/** As the embedded engine takes them without being asked. */
const UNASKED_CONTEXT = 8192;
const UNASKED_SLOTS = 4;

/**
 * The command of a llama-server for a request. On the processor it gets context and slots that fit, as the
 * embedded engine does: by itself it would take what is there and be killed for it.
 * @throws BotllmError `NOT_ENOUGH_MEMORY` before anything starts
 */
export async function wishedCommand(
  { device }: Pick<NativeServer, 'device'>,
  request: UpRequest,
  shape: ModelShape,
  { host, port }: { host: string; port: number },
): Promise<ServerCommand> {
  // How much of a GPU's memory is free it knows best itself.
  const plan = device === 'cpu' ? await requirePlan(shape, request) : undefined;
  const { context = Math.min(shape.context ?? UNASKED_CONTEXT, UNASKED_CONTEXT), slots = UNASKED_SLOTS } =
    plan ?? request;
  return serverCommand({
    ...{ host, port, context, slots, name: shape.name, thinking: shape.thinking },
    model: { path: shape.path },
    gpu: request.gpu ?? 'auto',
  });
}

import { createHash } from 'node:crypto';
import { BotllmError } from '../errors.js';
import { meansServedModel } from '../models/serves.js';
import { messages } from './messages.js';
import type { EngineKind, EngineState, StartedWith } from './state.js';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 11434;

/** What an `up` asks for; an absent field means: as it is, or the default. */
export interface UpRequest {
  engine?: EngineKind | 'auto' | undefined;
  model?: string | undefined;
  port?: number | undefined;
  context?: number | undefined;
  slots?: number | undefined;
  gpu?: 'auto' | 'none' | undefined;
  memoryBytes?: number | undefined;
  idleTimeoutMs?: number | undefined;
  foreground?: boolean;
  /** The service whose manager runs this call in the foreground; its log goes where a daemon's goes. */
  service?: string | undefined;
}

/** The part of a request that the state file records. */
export function startedWith(request: UpRequest, engine: EngineKind, modelName: string): StartedWith {
  const { context, slots, gpu = 'auto', memoryBytes, idleTimeoutMs } = request;
  const given = { engine, model: modelName, gpu, context, slots, memoryBytes, idleTimeoutMs };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as StartedWith;
}

/** Equal hashes: nothing to restart for. */
export function settingsHash(settings: StartedWith, port: number, version: string): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, port, version]))
    .digest('hex');
}

/** What a request explicitly asks for and the running engine does not have, in words. */
export async function settingDifferences(running: EngineState, request: UpRequest): Promise<string[]> {
  const asked: Record<string, [asked: unknown, has: unknown]> = {
    engine: [request.engine === 'auto' ? undefined : request.engine, running.engine],
    port: [request.port, running.port],
    gpu: [request.gpu, running.startedWith.gpu],
    context: [request.context, running.startedWith.context],
    slots: [request.slots, running.startedWith.slots],
    memory: [request.memoryBytes, running.startedWith.memoryBytes],
    'idle timeout (ms)': [request.idleTimeoutMs, running.startedWith.idleTimeoutMs],
  };
  const differences = Object.entries(asked)
    .filter(([, [wanted, has]]) => wanted !== undefined && wanted !== has)
    .map(([name, [wanted, has]]) => `${name}: ${has ?? 'default'} runs, ${wanted} asked for`);
  if (request.model !== undefined && !(await meansServedModel(request.model, running.model))) {
    differences.unshift(`model: ${running.model.name} runs, ${request.model} asked for`);
  }
  return differences;
}

/** What refuses a request that the running engine differs from. */
export function otherSettings(differences: readonly string[]): BotllmError {
  return new BotllmError('PORT_TAKEN', messages.otherSettings, {
    detail: messages.otherSettingsDetail(differences),
    hint: messages.otherSettingsHint,
  });
}

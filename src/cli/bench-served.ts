import type { ServedModel } from '../bench/measure.js';
import { engineFacts } from '../bench/served-model.js';
import type { EngineFacts } from '../client/detect.js';
import type { EngineStatus } from '../engines/status.js';
import { BotllmError } from '../errors.js';
import { benchMessages } from './bench-messages.js';
import type { Context } from './context.js';
import { messages } from './messages.js';
import { nextStep } from './next-step.js';
import { observe } from './observe.js';

/** An engine, what it says of itself, and how its model is asked. */
export interface Served {
  engine: EngineStatus;
  facts: EngineFacts;
  served: ServedModel;
}

/**
 * The model that is served, as an instrument must know it.
 * @throws BotllmError `ENGINE_NOT_RUNNING`, `NOT_READY`; `BAD_CONFIG` when nobody says what the model is called
 */
export async function servedModel(ctx: Context): Promise<Served> {
  const { signal, settings } = ctx;
  const engine = await observe(ctx);
  if (engine.state !== 'ready' || engine.endpoint === undefined) {
    const code = engine.state === 'stopped' ? 'ENGINE_NOT_RUNNING' : 'NOT_READY';
    throw new BotllmError(code, benchMessages.noEngine(messages.condition[engine.state]), {
      detail: engine.endpoint,
      hint: nextStep(engine),
    });
  }
  const { apiKey } = settings;
  const facts = await engineFacts(engine.endpoint, apiKey, signal);
  // What is served is measured, whatever name the settings have for what bots ask.
  const model = facts.servedModel ?? engine.model ?? settings.model;
  if (model === undefined) {
    throw new BotllmError('BAD_CONFIG', benchMessages.noModelName, { hint: benchMessages.noModelNameHint });
  }
  return { engine, facts, served: { root: engine.endpoint, model, dialect: facts.dialect.name, apiKey } };
}

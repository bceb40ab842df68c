import { z } from 'zod';
import { portOwner } from '../../engines/compose/ports.js';
import { isBotllmError } from '../../errors.js';
import { definePrompt } from '../../prompts/define-prompt.js';
import { type Check, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';

const CANARY_MS = 20_000;

/** Nothing that a model would say by itself to what it is asked: only a grammar makes it. */
const canary = definePrompt({
  id: 'canary',
  version: 1,
  schema: () => z.object({ code: z.enum(['QX7', 'ZK3']) }),
  build: () => ({
    system: 'You are a friendly assistant. Answer with one short sentence of plain words.',
    user: 'Say hello to me.',
    // Room for the white space that a grammar allows between.
    maxTokens: 96,
  }),
  check: (answer) => answer.code,
});

export const engine: Check = {
  id: 'engine',
  look: async (patient) => {
    const found = await patient.engine();
    const { state, endpoint = '', container } = found;
    const evidence = SAY.engine[state](endpoint, found.phase ?? container?.reason);
    if (state === 'ready') return ok(evidence);
    if (state === 'loading' || state === 'stopping') return warn(evidence, FIX.loading);
    // One that nobody has started yet is no fault.
    const isMissed = found.engine !== null;
    if (state === 'stopped')
      return (isMissed ? fail : warn)(evidence, isMissed && found.engine === 'remote' ? FIX.remote : FIX.up);
    return fail(evidence, FIX.unhealthy);
  },
};

export const enginePort: Check = {
  id: 'engine-port',
  look: async (patient) => {
    const { engine: kind, state, endpoint } = await patient.engine();
    const port = patient.settings.port ?? 11_434;
    if (kind !== null && state !== 'stopped') return ok(SAY.portOurs(endpoint ?? ''));
    const bind = patient.settings.llmBind ?? '127.0.0.1';
    const owner = await portOwner(patient.run, bind, port);
    return owner === undefined ? ok(SAY.portFree(port)) : fail(SAY.portTaken(port, owner), FIX.port);
  },
};

/** Of the Redis beside a container; one of somebody else's there is a choice to make, and no fault. */
export const redisPort: Check = {
  id: 'redis-port',
  look: async (patient) => {
    if ((await patient.docker()).state !== 'running') return skip(SAY.noDocker);
    const port = patient.settings.redisPort ?? 6_379;
    if (await patient.redisContainer()) return ok(SAY.portOurs(`127.0.0.1:${port}`));
    const owner = await portOwner(patient.run, '127.0.0.1', port);
    return owner === undefined
      ? ok(SAY.portFree(port))
      : warn(SAY.redisPortTaken(port, owner), FIX.redisPort(port));
  },
};

/** Whether an answer's shape is enforced, asked for once: an engine that was made otherwise says nothing of it. */
export const structuredOutput: Check = {
  id: 'structured-output',
  boundMs: CANARY_MS + 2_000,
  look: async (patient) => {
    const found = await patient.engine();
    if (found.state !== 'ready') return skip(SAY.notReady);
    const client = await patient.clientOf(found);
    try {
      const { attempts, content } = await client.complete(canary({}), {
        ...{ cache: false, limit: false, onFailure: 'throw', deadlineMs: CANARY_MS },
        signal: patient.signal,
      });
      // Told what was wrong, a good model gives the shape of its own will.
      return attempts === 1 ? ok(SAY.enforced(content)) : warn(SAY.notEnforced, FIX.notEnforced);
    } catch (error) {
      const told = ['INVALID_ANSWER', 'INVALID_RESPONSE', 'INCOMPLETE_RESPONSE'] as const;
      if (told.some((code) => isBotllmError(error, code))) return warn(SAY.notEnforced, FIX.notEnforced);
      if (isBotllmError(error, 'DISABLED')) return skip(error.message);
      throw error;
    } finally {
      await client.close();
    }
  },
};

import { prettySize } from '../../size.js';
import { type Check, type Finding, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';
import type { Patient } from '../patient.js';
import type { RedisLook } from '../redis-look.js';

const SLOW_MS = 50;

export const redis: Check = {
  id: 'redis',
  look: async (patient) => {
    const look = await patient.redis();
    if (look === undefined) return ok(SAY.embeddedStore(patient.layout.store));
    if (look.failure !== undefined) {
      const fix = /NOAUTH|WRONGPASS|NOPERM/.test(look.failure) ? FIX.redisLogin : FIX.redis(look.location);
      return fail(SAY.redisDown(look.location, look.failure), fix);
    }
    const evidence = SAY.redis(look.location, look.version, look.pingMs ?? 0);
    return (look.pingMs ?? 0) > SLOW_MS ? warn(evidence, FIX.redisSlow) : ok(evidence);
  },
};

export const persistence: Check = {
  id: 'redis-persistence',
  look: (patient) =>
    onRedis(patient, ({ persistence: found }) => {
      if (found === undefined) return skip(SAY.mayNotAsk);
      if (found.lastSaveFailed) return fail(SAY.saveFailed, FIX.saveFailed);
      const ways = [found.snapshots ? SAY.snapshots : '', found.appendOnly ? SAY.appendOnly : ''];
      return ok(ways.filter(Boolean).join(', ') || SAY.notPersistent);
    }),
};

/** A limiter's log that is thrown away for want of memory is a limit that nobody keeps. */
export const eviction: Check = {
  id: 'redis-eviction',
  look: (patient) =>
    onRedis(patient, async ({ policy, maxMemory, location, configure }) => {
      if (policy === undefined || maxMemory === undefined) return skip(SAY.mayNotAsk);
      if (policy !== 'noeviction') {
        const evidence = SAY.evicts(policy);
        const ours = (await patient.choice())?.redis;
        const mend = {
          what: SAY.evictionMend(location),
          apply: () => configure('maxmemory-policy', 'noeviction'),
        };
        return warn(evidence, FIX.eviction(location), ours?.started ? mend : undefined);
      }
      if (maxMemory === 0) return warn(SAY.unbounded, FIX.unbounded(location));
      return ok(SAY.bounded(prettySize(maxMemory, { binary: true })));
    }),
};

async function onRedis(
  patient: Patient,
  look: (found: RedisLook) => Finding | Promise<Finding>,
): Promise<Finding> {
  const found = await patient.redis();
  if (found === undefined) return skip(SAY.noRedis);
  return found.failure === undefined ? look(found) : skip(SAY.redisSilent);
}

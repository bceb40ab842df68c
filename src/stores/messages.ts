import { inLanguage } from '../language.js';

/** Every sentence of this room that a person may read. */
export const storeMessages = inLanguage('stores', {
  unavailable: (location: string) => `the store at ${location} does not answer`,
  closed: 'the store is closed',
  slow: (ms: number) => `no answer within ${ms} ms`,
  starting: (ms: number) => `its process did not start within ${ms} ms`,
  opening: (ms: number) => `could not be opened within ${ms} ms (another process may be frozen in a write)`,
  ended: (how: string) => `its process ended (${how})`,
  gone: 'its process has gone and is not started again yet',
  busy: (calls: number) => `${calls} calls already wait for it`,
  noBinary: 'lmdb has no binary for this platform, or it is not installed',
  noBinaryHint: 'set REDIS_URL to use Redis, or reinstall with optional dependencies',
  folderHint: 'check that BOTLLM_HOME is a writable folder on a local disk',
  needsFolder: "the embedded store needs a folder: openStore({ kind: 'embedded', folder })",
  badRedisUrl: 'REDIS_URL must be redis://[user:password@]host[:port][/db] or rediss://…',
  redisUrlHint: 'nodes of a cluster: redis://a:7000,b:7000; special characters of a password percent-encoded',
  clusterDb: 'a Redis cluster has only database 0',
  noMasters: 'the Redis cluster has no master',
  redisHint: 'check that Redis runs and REDIS_URL is right; REDIS_URL=none uses the embedded store',
  needsUrl: "the Redis store needs an address: openStore({ kind: 'redis', url })",
  inMemory: 'memory of this process',
});

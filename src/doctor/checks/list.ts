import type { Check } from '../check.js';
import { compose, dockerDaemon, gpu, vram } from './docker.js';
import { engine, enginePort, redisPort, structuredOutput } from './engine.js';
import { exposedEngine, exposedRedis, firewall } from './exposure.js';
import { clock, disk, home, memory, node, proxy, settings } from './machine.js';
import { gated, licence, served } from './model.js';
import { eviction, persistence, redis } from './redis.js';
import { runtime } from './runtime.js';
import { service } from './service.js';

/** In the order in which a person would look: the machine, Docker, the model, the engine, its guards, the door. */
export const CHECKS: readonly Check[] = [
  node,
  settings,
  home,
  disk,
  memory,
  clock,
  proxy,
  dockerDaemon,
  compose,
  gpu,
  vram,
  licence,
  gated,
  enginePort,
  redisPort,
  engine,
  service,
  served,
  structuredOutput,
  redis,
  persistence,
  eviction,
  runtime,
  exposedEngine,
  exposedRedis,
  firewall,
];

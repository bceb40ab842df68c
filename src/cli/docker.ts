import { Docker } from '../engines/compose/docker/docker.js';
import type { Context } from './context.js';

/** Docker with this call's settings, interrupted with it. */
export function dockerOf({ childEnv, signal }: Pick<Context, 'childEnv' | 'signal'>): Docker {
  return new Docker({ env: childEnv, signal });
}

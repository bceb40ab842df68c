import { readFileSync } from 'node:fs';
import * as z from '../zod.js';
import type { HomeLayout } from './home.js';
import { isOwnAddress } from './own-address.js';

const Engine = z.object({
  endpoint: z.string().check(z.regex(/^https?:\/\//), z.refine(isOwnAddress)),
});
const Containers = z.extend(Engine, {
  redis: z.nullish(z.object({ url: z.string().check(z.regex(/^redis:\/\//), z.refine(isOwnAddress)) })),
});

/**
 * Where this home's engine was started last, from the state files that `up` writes. It may have ended since:
 * then nothing answers there, as anywhere else.
 */
export function runningEndpoint(layout: HomeLayout): string | undefined {
  return read(layout.engineState, Engine)?.endpoint ?? read(layout.composeState, Engine)?.endpoint;
}

/** The Redis that `up` started beside the engine's container, from the same record. */
export function runningRedis(layout: HomeLayout): string | undefined {
  return read(layout.composeState, Containers)?.redis?.url;
}

function read<T>(file: string, shape: z.ZodMiniType<T>): T | undefined {
  try {
    return shape.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

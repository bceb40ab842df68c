import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { HomeLayout } from './home.js';

const Endpoint = z.object({ endpoint: z.string().regex(/^https?:\/\//) });

/**
 * Where this home's engine was started last, from the state file that `up` writes. It may have ended since:
 * then nothing answers there, as anywhere else.
 */
export function runningEndpoint(layout: HomeLayout): string | undefined {
  try {
    return Endpoint.safeParse(JSON.parse(readFileSync(layout.engineState, 'utf8'))).data?.endpoint;
  } catch {
    return undefined;
  }
}

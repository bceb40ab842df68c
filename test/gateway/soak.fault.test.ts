import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/cli.js';
import { figure } from '../support/figure.js';
import { redisIsMissing } from '../support/redis-server.js';

const SOAK = fileURLToPath(new URL('./fixtures/soak.mjs', import.meta.url));
/** The long one is `npm run soak:gateway`, with 600. */
const SECONDS = 20;

interface Soaked {
  requests: number;
  endings: Record<string, number>;
  memory: number[];
  series: number[];
  inFlight: number;
  decidedLocally: number;
  regularNamed: boolean;
  exitCode: number;
}

describe.skipIf(redisIsMissing)('a gateway at ten times its users’ limit', () => {
  it('answers or refuses every request while its Redis is killed and comes back, keeps the number of its metric series, and ends clean', async () => {
    const args = [SOAK, String(SECONDS), String(await freePort())];
    const { stdout } = await execa(process.execPath, args, { timeout: SECONDS * 1000 + 200_000 });
    const soaked = JSON.parse(stdout) as Soaked;
    figure(`${soaked.requests} requests: ${JSON.stringify(soaked.endings)}, MB ${soaked.memory.join(' ')}`);
    // Nobody gets anything but an answer, a refusal by his limit, or what he left himself.
    expect(Object.keys(soaked.endings).sort()).toEqual(['200', '429', 'left']);
    expect(soaked.decidedLocally).toBeGreaterThan(0);
    expect(soaked.inFlight).toBe(0);
    // Random users, models and prompts: what is counted by name is bounded. In the first half everything was seen but
    // what the store fails at, which is counted by its seven operations.
    const early = Math.max(...soaked.series.slice(0, 5));
    expect(Math.max(...soaked.series) - early).toBeLessThanOrEqual(10);
    expect(Math.max(...soaked.series)).toBeLessThan(500);
    expect(soaked.regularNamed).toBe(false);
    expect(soaked.exitCode).toBe(0);
  }, 300_000);
});

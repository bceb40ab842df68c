import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pickToken, seededRandom } from '../../../src/engines/embedded/generate/sampling.js';
import { cpuThreads } from '../../../src/engines/embedded/load/cpu-threads.js';
import { Activity } from '../../../src/engines/embedded/serve/activity.js';

describe('threads', () => {
  it('are never more than the cores, nor than the quota of a container', () => {
    const noCgroup = () => {
      throw new Error('not there');
    };
    expect(cpuThreads(1, noCgroup)).toBe(1);
    expect(cpuThreads(64, () => '100000 100000\n')).toBe(1);
    expect(cpuThreads(1, () => 'max 100000\n')).toBe(1);
    expect(cpuThreads(64, () => '50000 100000\n')).toBe(1);
  });
});

describe('picking a token from raw logits', () => {
  const top = [
    ['a', 5],
    ['b', 4],
    ['c', -10],
  ] as const;

  it('takes the best at temperature 0', () => {
    expect(pickToken(top, { temperature: 0, topP: 1, seed: 1 }, () => 0.99)).toBe('a');
  });

  it('follows the weights, and leaves out what is far below the best', () => {
    const random = seededRandom(1);
    const counts = { a: 0, b: 0, c: 0 };
    for (let n = 0; n < 2000; n++) counts[pickToken(top, { temperature: 1, topP: 1, seed: 1 }, random)] += 1;
    expect(counts.c).toBe(0);
    expect(counts.a / counts.b).toBeGreaterThan(2);
    expect(counts.a / counts.b).toBeLessThan(3.6);
  });

  it('keeps only the head under top_p', () => {
    const random = seededRandom(1);
    const picked = Array.from({ length: 50 }, () =>
      pickToken(top, { temperature: 1, topP: 0.5, seed: 1 }, random),
    );
    expect(new Set(picked)).toEqual(new Set(['a']));
  });

  it('gives the same numbers for the same seed', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});

describe('what is in flight', () => {
  it('is waited for until the last request is over, or until time is up', async () => {
    const activity = new Activity(undefined, () => undefined);
    expect(await activity.drained(10_000)).toBe(true);
    const [first, second] = [activity.begin(), activity.begin()];
    expect(await activity.drained(10)).toBe(false);
    const drained = activity.drained(10_000);
    first();
    first();
    expect(await Promise.race([drained, sleep(20, 'still waiting')])).toBe('still waiting');
    second();
    expect(await drained).toBe(true);
  });

  it('holds the idle clock, which starts again after the last request', async () => {
    let idle = 0;
    const activity = new Activity(30, () => {
      idle += 1;
    });
    const over = activity.begin();
    await sleep(90);
    expect(idle).toBe(0);
    over();
    await sleep(200);
    expect(idle).toBe(1);
  });
});

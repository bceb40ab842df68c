import { describe, expect, it } from 'vitest';
import { createSingleFlight, type Patience } from '../../src/client/single-flight.js';
import { BotllmError, type ErrorCode } from '../../src/errors.js';
import { handClock } from './hand-clock.js';
import { failure } from './setup.js';

const member = (remaining = 1000): Patience & { leave(reason: unknown): void } => {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    remainingMs: () => remaining,
    leave: (reason) => controller.abort(reason),
  };
};

/** Flights whose results the test decides. */
function tower() {
  const flights = createSingleFlight<string>(handClock());
  const started: { patience: Patience; land(value: string): void; crash(error: unknown): void }[] = [];
  const run = (who: Patience = member()) =>
    flights.run(
      'key',
      who,
      (patience) => new Promise((land, crash) => void started.push({ patience, land, crash })),
    );
  return { run, started, settle: () => new Promise((resolve) => setImmediate(resolve)) };
}

describe('a flight', () => {
  it('carries everybody who asks meanwhile, and knows whose it is', async () => {
    const { run, started, settle } = tower();
    const all = [run(), run(), run()];
    await settle();
    started[0]?.land('x');
    expect(await Promise.all(all)).toEqual([
      { value: 'x', own: true },
      { value: 'x', own: false },
      { value: 'x', own: false },
    ]);
    expect(started).toHaveLength(1);
  });

  it('is over when it landed: the next one starts anew', async () => {
    const { run, started, settle } = tower();
    const first = run();
    await settle();
    started[0]?.land('x');
    await first;
    void run();
    await settle();
    expect(started).toHaveLength(2);
  });

  it.each<ErrorCode>(['RATE_LIMIT_EXCEEDED', 'OVERLOADED', 'ABORTED', 'DEADLINE_EXCEEDED'])(
    'what concerns its starter alone is not inherited: %s',
    async (code) => {
      const { run, started, settle } = tower();
      const leader = failure(run());
      const followers = [run(), run()];
      await settle();
      started[0]?.crash(new BotllmError(code, ''));
      expect(await leader).toMatchObject({ code });
      await settle();
      // One of the followers flies now, the other one with him.
      expect(started).toHaveLength(2);
      started[1]?.land('y');
      expect(await Promise.all(followers)).toEqual([
        { value: 'y', own: true },
        { value: 'y', own: false },
      ]);
    },
  );

  it("a failure of the engine is everybody's: nobody asks it again at once", async () => {
    const { run, started, settle } = tower();
    const all = [failure(run()), failure(run())];
    await settle();
    started[0]?.crash(new BotllmError('ENGINE_ERROR', ''));
    expect(await Promise.all(all)).toMatchObject([{ code: 'ENGINE_ERROR' }, { code: 'ENGINE_ERROR' }]);
    expect(started).toHaveLength(1);
  });

  it('goes on when its starter leaves, waits as long as the most patient, ends with the last one', async () => {
    const { run, started, settle } = tower();
    const [leader, follower] = [member(100), member(900)];
    const left = [failure(run(leader)), failure(run(follower))];
    await settle();
    const patience = started[0]?.patience;
    expect(patience?.remainingMs()).toBe(900);
    leader.leave('tired');
    expect(await left[0]).toBe('tired');
    expect(patience?.signal.aborted).toBe(false);
    follower.leave('too');
    expect(await left[1]).toBe('too');
    expect(patience?.signal.aborted).toBe(true);
  });

  it('nobody joins one that is being called off', async () => {
    const { run, started, settle } = tower();
    const leader = member();
    const left = failure(run(leader));
    await settle();
    leader.leave('gone');
    await left;
    void run();
    await settle();
    expect(started).toHaveLength(2);
  });
});

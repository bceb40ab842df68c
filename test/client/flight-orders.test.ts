import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onEnd } from '../../src/client/cancel.js';
import { createSingleFlight, type Patience } from '../../src/client/single-flight.js';
import { BotllmError } from '../../src/errors.js';
import { handClock } from './hand-clock.js';

/** How one flight ends when nobody calls it off, and how one caller's patience does. */
const landing = fc.constantFrom('lands', 'OVERLOADED', 'ENGINE_ERROR');
const caller = fc.record({ key: fc.constantFrom('a', 'b'), leaves: fc.boolean() });

describe('flights, in whatever order things happen (seed 21)', () => {
  it('every caller ends by his own leave or with an ending of his key; one flight at a time; none is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(caller, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(landing),
        async (scheduler, callers, landings) => {
          const flights = createSingleFlight<string>(handClock());
          const flying = new Map<string, number>();
          let started = 0;

          const starters = new Map<string, number>();
          const fly = (key: string, caller: number) => async (flight: Patience) => {
            const number = ++started;
            starters.set(`${key}${number}`, caller);
            const others = flying.get(key) ?? 0;
            // One that is called off may still be on its way down.
            expect(others).toBe(0);
            flying.set(key, 1);
            const land = () => flying.set(key, 0);
            onEnd(flight.signal, land);
            await scheduler.schedule(Promise.resolve(), `flight ${number} of ${key} ends`);
            flight.signal.throwIfAborted();
            land();
            const ending = landings.next().value;
            if (ending !== 'lands') throw new BotllmError(ending as 'OVERLOADED', `${key}${number}`);
            return `${key}${number}`;
          };

          const call = async ({ key, leaves }: { key: string; leaves: boolean }, index: number) => {
            const controller = new AbortController();
            await scheduler.schedule(Promise.resolve(), `caller ${index} comes`);
            if (leaves) {
              void scheduler
                .schedule(Promise.resolve(), `caller ${index} leaves`)
                .then(() => controller.abort('left'));
            }
            const member = { signal: controller.signal, remainingMs: () => 1000 };
            const ending = await flights.run(key, member, fly(key, index)).then(
              ({ value, own }) => ({ key: value[0], number: value, own }),
              (error) =>
                error === 'left'
                  ? { left: true }
                  : { key: error.message[0], number: error.message, code: error.code },
            );
            return { asked: key, index, leaves, aborted: controller.signal.aborted, ...ending } as Ending;
          };

          const all = Promise.all(callers.map(call));
          await scheduler.waitFor(all);
          const endings = await all;
          for (const { asked, index, key, number = '', own, left, leaves, aborted, code } of endings) {
            if (left) expect(leaves && aborted).toBe(true);
            else expect(key).toBe(asked);
            if (own !== undefined) expect(own).toBe(starters.get(number) === index);
            // A refusal of the one who started it is not inherited.
            if (code === 'OVERLOADED') expect(starters.get(number)).toBe(index);
          }
          await scheduler.waitIdle();
          expect([...flying.values()].every((count) => count === 0)).toBe(true);
          // Everything is over: whoever comes now starts a flight of his own.
          const before = started;
          const late = call({ key: 'a', leaves: false }, 99);
          await scheduler.waitFor(late);
          expect(started).toBeGreaterThan(before);
        },
      ),
      { numRuns: 1000, seed: 21 },
    );
  });
});

interface Ending {
  index: number;
  asked: string;
  leaves: boolean;
  aborted: boolean;
  key?: string;
  number?: string;
  own?: boolean;
  left?: boolean;
  code?: string;
}

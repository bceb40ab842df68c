import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/client/breaker.js';

function atHand() {
  const clock = { now: 0 };
  const breaker = createBreaker({ failures: 3, openMs: 1000, now: () => clock.now });
  const fail = () => breaker.enter()?.fail();
  const open = () => {
    for (let i = 0; i < 3; i += 1) fail();
  };
  return { clock, breaker, fail, open };
}

describe('the breaker', () => {
  it('opens after failures in a row, and says so once', () => {
    const { breaker, fail } = atHand();
    expect([fail(), fail(), fail()]).toEqual([false, false, true]);
    expect(breaker.enter()).toBeNull();
    expect(breaker.waitMs()).toBe(1000);
  });

  it('a success in between starts the count again', () => {
    const { breaker, fail } = atHand();
    fail();
    fail();
    breaker.enter()?.succeed();
    fail();
    fail();
    expect(breaker.waitMs()).toBe(0);
  });

  it('lets one probe through after its time; the others wait', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 999;
    expect(breaker.enter()).toBeNull();
    clock.now = 1000;
    const probe = breaker.enter();
    expect(probe).not.toBeNull();
    expect(breaker.enter()).toBeNull();
    expect(probe?.succeed()).toBe(true);
    expect(breaker.enter()).not.toBeNull();
  });

  it('a failed probe opens it anew', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 1000;
    expect(breaker.enter()?.fail()).toBe(false);
    expect(breaker.waitMs()).toBe(1000);
  });

  it('a probe that was called off leaves its place to the next one', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 1000;
    breaker.enter()?.cancel();
    expect(breaker.enter()).not.toBeNull();
  });

  it('a late success from before the opening does not close it', () => {
    const { breaker, open } = atHand();
    const early = breaker.enter();
    open();
    expect(early?.succeed()).toBe(false);
    expect(breaker.enter()).toBeNull();
  });

  it('looking takes nothing', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 1000;
    expect([breaker.waitMs(), breaker.waitMs()]).toEqual([0, 0]);
    expect(breaker.enter()).not.toBeNull();
  });
});

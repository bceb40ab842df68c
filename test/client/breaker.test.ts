import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/client/breaker.js';
import { completion, silent } from '../support/fake-engine.js';
import { bench, intent } from './setup.js';

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

  it('a probe that hangs keeps nobody away for longer than its time: the next one may close it', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 1000;
    const hung = breaker.enter();
    clock.now = 1999;
    expect(breaker.enter()).toBeNull();
    clock.now = 2000;
    expect(breaker.enter()?.succeed()).toBe(true);
    // What it says now, it says of an engine that is no more.
    for (let i = 0; i < 3; i += 1) expect(hung?.fail()).toBe(false);
    expect(breaker.waitMs()).toBe(0);
  });

  it('late failures of hung probes do not put off the next one', () => {
    const { clock, breaker, open } = atHand();
    open();
    clock.now = 1000;
    const first = breaker.enter();
    clock.now = 2000;
    const second = breaker.enter();
    clock.now = 2900;
    expect(first?.fail()).toBe(false);
    expect(breaker.waitMs()).toBe(100);
    expect(second?.fail()).toBe(false);
    expect(breaker.waitMs()).toBe(1000);
  });

  it('failures from before an outage do not open it again after the recovery', () => {
    const { clock, breaker, open } = atHand();
    const early = Array.from({ length: 5 }, () => breaker.enter());
    open();
    clock.now = 1000;
    breaker.enter()?.succeed();
    for (const permit of early) expect(permit?.fail()).toBe(false);
    expect(breaker.waitMs()).toBe(0);
  });
});

describe('what a call without an answer says of the engine', () => {
  it('ended by its deadline: what a timeout says, so an engine that hangs opens the breaker', async () => {
    const { llm, engine, told } = await bench({ deadlineMs: 50, timeoutMs: 30_000, maxRetries: 0 });
    engine.answerWith(silent);
    await llm.warmup();
    const codes = [];
    for (let i = 0; i < 6; i += 1) codes.push((await llm.complete(intent(`m${i}`))).error?.code);
    expect(codes).toEqual([...Array(5).fill('DEADLINE_EXCEEDED'), 'BREAKER_OPEN']);
    expect(told()).toContain('llm_breaker_open');
  });

  it('ended by a deadline that is shorter than answers take: nothing', async () => {
    const { llm, engine, told } = await bench({ maxRetries: 0 });
    engine.answerWith(completion('{"intent":"help","entities":[]}', { delayMs: 300 }));
    await llm.complete(intent('first'));
    for (let i = 0; i < 8; i += 1) {
      const { error } = await llm.complete(intent(`m${i}`), { deadlineMs: 20 });
      expect(error?.code).toBe('DEADLINE_EXCEEDED');
    }
    expect(told()).not.toContain('llm_breaker_open');
  });

  it('called off by its caller: nothing', async () => {
    const { llm, engine, told } = await bench({ maxRetries: 0 });
    engine.answerWith(silent);
    for (let i = 0; i < 8; i += 1) {
      const { error } = await llm.complete(intent(`m${i}`), { signal: AbortSignal.timeout(10) });
      expect(error?.code).toBe('ABORTED');
    }
    expect(told()).not.toContain('llm_breaker_open');
  });
});

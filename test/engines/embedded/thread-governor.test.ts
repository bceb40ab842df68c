import { describe, expect, it } from 'vitest';
import { ThreadGovernor } from '../../../src/engines/embedded/generate/thread-governor.js';

/** A machine whose steps take as long as a function of the threads says; time passes only by steps. */
class Machine {
  time = 0;
  threads = 0;
  switches = 0;
  readonly governor: ThreadGovernor;

  constructor(
    cores: number,
    public stepMs: (threads: number) => number,
  ) {
    this.governor = new ThreadGovernor(
      cores,
      (threads) => {
        if (threads !== this.threads) this.switches += 1;
        this.threads = threads;
      },
      () => this.time,
    );
  }

  async calibrate() {
    await this.governor.calibrate(async () => {
      this.time += this.stepMs(this.threads);
    });
  }

  decode(steps: number) {
    for (let n = 0; n < steps; n++) {
      const startedAt = this.time;
      const ms = this.stepMs(this.threads);
      this.time += ms;
      this.governor.observe('decode', startedAt, ms);
    }
  }
}

const calm = (threads: number) => 16 / threads;
/** As measured: spinning threads on busy cores wait for the scheduler hundreds of times a token. */
const crowded = (threads: number) => (threads === 1 ? 40 : 4000);

describe('the number of threads', () => {
  it('is all cores on a calm machine, and stays so', async () => {
    const machine = new Machine(8, calm);
    await machine.calibrate();
    machine.decode(5000);
    expect(machine.threads).toBe(8);
  });

  it('begins low where the machine is crowded from the start', async () => {
    const machine = new Machine(2, crowded);
    await machine.calibrate();
    expect(machine.threads).toBe(1);
  });

  it('falls within a few steps when other programs take the cores', async () => {
    const machine = new Machine(4, calm);
    await machine.calibrate();
    machine.decode(100);
    machine.stepMs = crowded;
    machine.decode(8);
    expect(machine.threads).toBe(1);
  });

  it('comes back to all cores when they are free again', async () => {
    const machine = new Machine(4, crowded);
    await machine.calibrate();
    machine.decode(50);
    machine.stepMs = calm;
    machine.decode(20_000);
    expect(machine.threads).toBe(4);
  });

  it('tries more threads ever more rarely while the crowd stays', async () => {
    const machine = new Machine(2, crowded);
    await machine.calibrate();
    const from = machine.time;
    const before = machine.switches;
    while (machine.time - from < 3_600_000) machine.decode(1);
    // An hour of crowd: tries after 20 s, 40 s, 80 s, … and then every ten minutes; two switches a try.
    expect((machine.switches - before) / 2).toBeLessThanOrEqual(12);
    expect((machine.switches - before) / 2).toBeGreaterThanOrEqual(5);
  });

  it('does not fall when the work itself becomes slower, as a longer context makes it', async () => {
    const machine = new Machine(4, calm);
    await machine.calibrate();
    machine.decode(100);
    machine.stepMs = (threads) => 10 * calm(threads);
    machine.decode(500);
    expect(machine.threads).toBe(4);
    expect(machine.switches).toBeLessThan(10);
  });

  it('does not fall for one slow step', async () => {
    const machine = new Machine(4, calm);
    await machine.calibrate();
    machine.decode(100);
    machine.stepMs = () => 1000;
    machine.decode(1);
    machine.stepMs = calm;
    machine.decode(200);
    expect(machine.threads).toBe(4);
  });

  it('is one where there is one core', async () => {
    const machine = new Machine(1, calm);
    await machine.calibrate();
    machine.decode(100);
    expect(machine.threads).toBe(1);
  });
});

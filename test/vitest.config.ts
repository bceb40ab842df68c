import { defineConfig } from 'vitest/config';
import { LongestFirst } from './support/longest-first.js';

/** Only what hangs takes so long, also where half the machine is somebody else's. */
const PATIENCE = { expect: { poll: { timeout: 30_000 } }, hookTimeout: 300_000 };

/**
 * Three projects: pure tests run in parallel; tests that break real processes, and tests with a real engine or a
 * real Docker, by twos. They wait for most of their time, and none of them measures: benchmarks do, one by one.
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.fault.test.ts', 'test/**/*.real.test.ts', 'test/e2e/**'],
          ...PATIENCE,
          testTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/**/*.fault.test.ts'],
          ...PATIENCE,
          testTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts', 'test/e2e/**/*.test.ts'],
          ...PATIENCE,
          testTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

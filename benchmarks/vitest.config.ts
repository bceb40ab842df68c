import { defineConfig } from 'vitest/config';

/** Benchmarks are programs: vitest only loads their TypeScript and leaves their output alone. */
export default defineConfig({
  test: {
    include: ['benchmarks/**/*.bench.ts'],
    reporters: ['dot'],
    disableConsoleIntercept: true,
    fileParallelism: false,
    testTimeout: 0,
    // What is built is measured as Node.js runs it.
    server: { deps: { external: [/\/dist\//] } },
  },
});

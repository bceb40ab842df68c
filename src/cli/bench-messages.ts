import prettyBytes from 'pretty-bytes';

/** What the commands that measure say to people. */
export const benchMessages = {
  selfTesting: 'measuring an engine whose truth is known',
  selfTestTruth: ({ ttftMs, itlMs, tokens }: { ttftMs: number; itlMs: number; tokens: number }) =>
    `truth: first token at ${ttftMs} ms, then one each ${itlMs} ms, ${tokens} tokens; errors in ms, measured minus truth`,
  selfTestHead: [
    'at once',
    'requests',
    'TTFT mean',
    'p95',
    'own mean',
    'own p95',
    'engine late',
    'TPOT',
    'decode',
  ],
  selfTestParts:
    "TTFT: against the schedule. own: the instrument's part of it (way there and back). engine late: the synthetic engine's.",
  selfTestCost: (startUpMs: number, peakBytes: number) =>
    `the measuring process started in ${(startUpMs / 1000).toFixed(2)} s and held at most ${prettyBytes(peakBytes)}`,
  milliseconds: 'Use milliseconds such as 2 or 0.5.',
} as const;

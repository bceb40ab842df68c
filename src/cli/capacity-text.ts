import type { CapacityResult } from '../bench/capacity/measure-capacity.js';
import type { Verification } from '../bench/capacity/verify.js';
import { benchMessages } from './bench-messages.js';
import { reportMessages } from './report-messages.js';
import { table } from './table.js';

/** A capacity as a person reads it: the figure, what limits it, and what was measured on the way. */
export function capacityText(
  found: CapacityResult,
  { perUser, e2eMs, share }: { perUser: number; e2eMs: number; share: number },
): string {
  const { users, tooMany, perSecond, probes, limit, aloneMs, model, verification, interrupted } = found;
  const rows = [...probes]
    .sort((a, b) => a.users - b.users)
    .map((probe) => [
      String(probe.users),
      (probe.users * perUser).toFixed(2),
      benchMessages.inTime(probe.good, probe.attempted),
      probe.passed ? benchMessages.carried : benchMessages.notCarried,
    ]);
  // Whoever was stopped above the knee has not found that nobody is carried.
  const isKnown = users > 0 || !interrupted;
  return [
    ...(interrupted ? [reportMessages.interrupted] : []),
    ...(isKnown
      ? [benchMessages.capacity({ users, tooMany, perSecond, e2eMs, share }), benchMessages.limit[limit]]
      : []),
    '',
    table([...benchMessages.capacityHead], rows),
    '',
    benchMessages.capacityAlone(
      aloneMs,
      model.slots,
      Math.max(...model.ladder.map((rung) => rung.perSecond)),
    ),
    ...(verification ? ['', ...describeVerification(verification)] : []),
  ].join('\n');
}

export function describeVerification({ carried, overloaded, held }: Verification): string[] {
  return [
    ...[carried, overloaded].map(({ users, mean, ci95: [low, high], shares, verdict }) =>
      benchMessages.trial({
        users,
        mean,
        low,
        high,
        times: shares.length,
        verdict: benchMessages.verdicts[verdict],
      }),
    ),
    held ? benchMessages.held : benchMessages.notHeld,
  ];
}

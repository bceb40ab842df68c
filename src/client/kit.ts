import type { Store } from '../stores/contract.js';
import type { Admission } from './admission.js';
import type { Landed } from './answer.js';
import type { Breaker } from './breaker.js';
import type { AnswerCache } from './cache.js';
import type { Clock } from './clock.js';
import type { Detector } from './detect.js';
import type { Leases } from './lease.js';
import type { ClientConfig } from './options.js';
import type { SingleFlight } from './single-flight.js';
import type { Telemetry } from './telemetry.js';
import type { Transport } from './transport/contract.js';

/** The parts of one client, wired together once. */
export interface Kit {
  readonly config: ClientConfig;
  readonly clock: Clock;
  readonly random: () => number;
  readonly store: () => Promise<Store>;
  readonly transport: () => Promise<Transport>;
  readonly detector: Detector;
  readonly cache: AnswerCache;
  readonly leases: Leases;
  readonly breaker: Breaker;
  readonly flights: SingleFlight<Landed>;
  readonly admission: Admission;
  readonly telemetry: Telemetry;
}

import type { Settings } from '../settings/table.js';

const PORT = 11435;

/** Where a gateway of this machine has its counters when nobody names another place. */
export function gatewayMetricsUrl({ gatewayPort = PORT }: Settings): string {
  return `http://127.0.0.1:${gatewayPort}/metrics`;
}

/** The formula of each figure, as every report carries it: the same word means other things elsewhere. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  ttft: 'first event with content, reasoning or tool text (a bare role is none) minus the moment the body was written',
  ttft_sched: 'the same, from the moment at which the request was due (open loop)',
  tpot: '(last content event - first content event) / (output tokens - tokens of the first event); blank below 8 tokens',
  decode_tps: '1000 / tpot',
  gap: 'pause between two content events; an event is not a token',
  e2e: 'last content event minus the moment the body was written',
  e2e_tps: 'output tokens / e2e',
  pp_tps_client:
    '(prompt tokens - cached tokens) / ttft: too low by queue, network and one decoding step; from 64 new tokens',
  pp_tps_server: "new prompt tokens / prompt time, by the engine's own clock (timings)",
  out_tps:
    'output tokens of all requests that came within the run, per second; the load never drains between runs',
  lag: 'moment of sending minus moment due (open loop): the lateness of the instrument',
  goodput: 'answered within every limit / all attempted, failures and timeouts included',
  ci95: "Student's t over the runs; a run's value is the median of its requests, or its rate",
  percentiles:
    'over all requests; printed only where enough of them were measured (p95 from 59, p99 from 299)',
};

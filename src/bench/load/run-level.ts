import { seeded } from '../statistics/random.js';
import type { RequestTrace } from '../trace/request-trace.js';
import { constantArrivals, poissonArrivals } from './arrivals.js';
import { closedLoop } from './closed-loop.js';
import { countTokens } from './count-tokens.js';
import { createEngineSender, type Sender } from './engine-sender.js';
import { isExactEnough } from './exactness.js';
import { type Judged, judge } from './judged.js';
import { type LoopDelay, watchLoop } from './loop-delay.js';
import { openLoop } from './open-loop.js';
import type { LoadPlan } from './plan.js';
import { createPrompts, type Prompts } from './prompts.js';
import type { Answered, LoadWatch, Send, Sent, Told } from './sent.js';
import { createTicketOffice, type Ticket, type TicketOffice } from './ticket.js';

/** One load level as it went. */
export interface LevelRecord {
  sent: Sent[];
  backlog: boolean;
  /** Of the process that measured. */
  loopDelay: LoopDelay;
  /** Characters a token of this text, as the engine counted. */
  charactersPerToken?: number | undefined;
}

export interface LevelWatch {
  signal: AbortSignal;
  now: () => number;
  onProgress: (done: number, total: number) => void;
}

/** Runs one load level from its warm-up to its last measured request. */
export async function runLevel(plan: LoadPlan, watch: LevelWatch): Promise<LevelRecord> {
  const { signal, now, onProgress } = watch;
  const prompts = await createPrompts(plan.workload, plan);
  const sender = await senderFor(plan, prompts, now);
  const loop = watchLoop();
  try {
    const kept: [Ticket, Answered][] = [];
    const send: Send = async (ticket, ...rest) => {
      const answered = await sender.send(ticket, ...rest);
      let trace: RequestTrace | undefined;
      const once = () => {
        trace ??= answered.trace();
        return trace;
      };
      kept.push([ticket, { ...answered, trace: once }]);
      return answered;
    };
    const isExact = () => isExactEnough(judgeAnswers(kept), plan.ciTarget);
    const office = createTicketOffice(plan, now, isExact);
    const onAnswered = () => onProgress(office.done, office.total);
    const { sent, backlog } = await drive(plan, plan.ciTarget === undefined ? sender.send : send, office, {
      signal,
      now,
      onAnswered,
    });
    // How late it was while it measured, not while it counts.
    const loopDelay = loop.read();
    return { sent: await countTokens(plan, sent, watch), backlog, loopDelay };
  } finally {
    loop.stop();
    await sender.close();
  }
}

/** The client and all that it needs are loaded only to be measured. */
async function senderFor(plan: LoadPlan, prompts: Prompts, now: () => number): Promise<Sender> {
  if (plan.via !== 'client') return createEngineSender(plan, prompts, now);
  const { createClientSender } = await import('./client-sender.js');
  return createClientSender(plan, prompts, now);
}

async function drive(
  plan: LoadPlan,
  send: Send,
  office: TicketOffice,
  watch: LoadWatch,
): Promise<{ sent: Told[]; backlog: boolean }> {
  const { load, maxInFlight, seed } = plan;
  if (load.kind === 'closed') {
    return { sent: await closedLoop(send, office, load.concurrency, watch), backlog: false };
  }
  return openLoop(send, office, arrivalsOf(load, seed), maxInFlight, watch);
}

function judgeAnswers(kept: readonly [Ticket, Answered][]): Judged[] {
  return judge(kept.map(([ticket, answered]) => ({ ...ticket, trace: answered.trace() })));
}

function arrivalsOf(load: Exclude<LoadPlan['load'], { kind: 'closed' }>, seed: number): Iterable<number> {
  if (load.kind === 'arrivals') return load.atMs;
  if (load.arrival === 'constant') return constantArrivals(load.requestRate);
  return poissonArrivals(load.requestRate, seeded(seed));
}

/** Runs tasks at moments of a clock; `setTimeout` alone would be up to a millisecond late, and drift. */
export interface Punctual {
  at(moment: number, task: () => void): void;
}

/** Before a moment the loop turns without sleeping for so long: timers of Node know whole milliseconds only. */
const AWAKE_MS = 1.2;

/** All moments are absolute, so that a late one makes none of those behind it late. */
export function createPunctual(now: () => number): Punctual {
  /** Ascending by moment. */
  const due: { moment: number; task: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let turning = false;

  const turn = () => {
    turning = false;
    for (let first = due[0]; first && first.moment <= now(); first = due[0]) {
      due.shift();
      first.task();
    }
    wait();
  };
  const wait = () => {
    const [first] = due;
    if (!first || turning) return;
    clearTimeout(timer);
    const restMs = first.moment - now() - AWAKE_MS;
    if (restMs >= 1) timer = setTimeout(wait, Math.floor(restMs));
    else {
      turning = true;
      setImmediate(turn);
    }
  };
  return {
    at(moment, task) {
      const behind = due.findIndex((one) => one.moment > moment);
      due.splice(behind === -1 ? due.length : behind, 0, { moment, task });
      wait();
    },
  };
}

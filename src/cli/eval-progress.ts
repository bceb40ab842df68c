import type { EvalHooks } from '../eval/evaluate.js';
import { evalMessages } from './eval-messages.js';
import { messages } from './messages.js';
import type { Progress } from './progress.js';

/** A bar with the count and the time that the row still takes on a terminal, a line at every tenth elsewhere. */
export function tellAnswers(
  progress: Progress,
  now: () => number = () => performance.now(),
): NonNullable<EvalHooks['onAnswer']> {
  let row = '';
  let begunAt = now();
  let answeredAt = begunAt;
  return ({ model, way, done, planned }) => {
    const name = `${model} / ${way}`;
    // The first question of a way was asked when the last one of the way before was answered.
    if (row !== '' && name !== row) begunAt = answeredAt;
    row = name;
    answeredAt = now();
    const seconds = Math.round(((answeredAt - begunAt) / 1000 / done) * (planned - done));
    progress.bar(
      name,
      done / planned,
      `${evalMessages.progress(done, planned)}, ${messages.timeLeft(seconds)}`,
    );
  };
}

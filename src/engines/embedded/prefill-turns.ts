interface Waiter {
  admit: () => void;
}

/**
 * One piece of a prompt at a time, over all requests. What is being computed cannot be interrupted, so its
 * length is how long an abort, a SIGTERM or a newcomer has to wait.
 *
 * Prompts in progress take turns. A newcomer's first piece goes before them, else it would wait for one piece
 * of each; but never twice in a row, so that a stream of newcomers cannot starve a long prompt.
 */
export class PrefillTurns {
  private readonly waiting: Record<'first' | 'further', Waiter[]> = { first: [], further: [] };
  private running = false;
  private lastWasFirst = false;

  get busy(): boolean {
    return this.running;
  }

  /**
   * Runs one piece when its turn comes.
   * @throws the signal's reason when it aborts before the piece began; a piece that began is finished
   */
  async take<T>(kind: 'first' | 'further', signal: AbortSignal, piece: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.running) await this.wait(kind, signal);
    this.running = true;
    this.lastWasFirst = kind === 'first';
    try {
      return await piece();
    } finally {
      // The turn is handed over without a gap: `running` stays true while somebody is admitted.
      const next = this.next();
      if (next) next.admit();
      else this.running = false;
    }
  }

  private async wait(kind: 'first' | 'further', signal: AbortSignal): Promise<void> {
    const line = this.waiting[kind];
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(waiter);
    });
  }

  private next(): Waiter | undefined {
    const { first, further } = this.waiting;
    if (this.lastWasFirst && further.length > 0) return further.shift();
    return first.shift() ?? further.shift();
  }
}

type Kind = 'first' | 'further';

interface Waiter {
  tokens: number;
  admit: () => void;
}

/**
 * One turn of prefill at a time, over all requests: a piece of a prompt, or several short ones that are computed
 * in one batch. What is being computed cannot be interrupted, so the length of a turn is how long an abort, a
 * SIGTERM or a newcomer has to wait.
 *
 * Prompts in progress take turns. A newcomer's first piece goes before them, else it would wait for one piece
 * of each; but never twice in a row, so that a stream of newcomers cannot starve a long prompt.
 */
export class PrefillTurns {
  private readonly waiting: Record<Kind, Waiter[]> = { first: [], further: [] };
  private running = 0;
  /** Tokens of this turn, of pieces that are over as well: else a turn would go on as long as somebody comes. */
  private spent = 0;
  private lastWasFirst = false;

  /** @param capacity tokens of one turn */
  constructor(private readonly capacity: number) {}

  get busy(): boolean {
    return this.running > 0;
  }

  /** Whether a running piece of so many tokens shared its turn with nobody so far. */
  isAlone(tokens: number): boolean {
    return this.running === 1 && this.spent === tokens;
  }

  /**
   * Runs one piece when its turn comes.
   * @throws the signal's reason when it aborts before the piece began; a piece that began is finished
   */
  async take<T>(kind: Kind, tokens: number, signal: AbortSignal, piece: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const nobodyWaits = this.waiting.first.length + this.waiting.further.length === 0;
    if (nobodyWaits && this.hasRoom(tokens)) this.enter(kind, tokens);
    else await this.wait(kind, tokens, signal);
    try {
      return await piece();
    } finally {
      this.running -= 1;
      this.admitNext();
    }
  }

  private hasRoom(tokens: number): boolean {
    return this.running === 0 || this.spent + tokens <= this.capacity;
  }

  private enter(kind: Kind, tokens: number): void {
    if (this.running === 0) {
      this.spent = 0;
      this.lastWasFirst = kind === 'first';
    }
    this.running += 1;
    this.spent += tokens;
  }

  /** Begins a turn with whoever is next by the rule, and fills it up with whoever fits. */
  private admitNext(): void {
    for (;;) {
      const [kind, line] = this.nextLine();
      const waiter = line[0];
      if (!waiter || !this.hasRoom(waiter.tokens)) return;
      line.shift();
      this.enter(kind, waiter.tokens);
      waiter.admit();
    }
  }

  private nextLine(): [Kind, Waiter[]] {
    const { first, further } = this.waiting;
    const furtherLeads = this.running === 0 && this.lastWasFirst && further.length > 0;
    const fits = first[0] !== undefined && this.hasRoom(first[0].tokens);
    return furtherLeads || !fits ? ['further', further] : ['first', first];
  }

  private async wait(kind: Kind, tokens: number, signal: AbortSignal): Promise<void> {
    const line = this.waiting[kind];
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        tokens,
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(waiter);
    });
  }
}

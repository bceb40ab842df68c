import { PARTS, type Part, type TopModel } from './model.js';

/** How one part of the model is looked at, and how often at most. */
export interface Source {
  everyMs: number | ((seen: Partial<TopModel>) => number);
  look: (signal: AbortSignal) => Promise<Partial<TopModel>>;
}
export type Sources = Partial<Record<Part, Source>>;

/**
 * Looks at every part in its own time. A slow part holds up no other one; of a part that fails `faults` says why, and
 * what was seen of it last stays.
 */
export class Collector {
  private model: TopModel;
  private readonly due = new Map<Part, number>();
  private readonly busy = new Set<Part>();

  constructor(
    private readonly sources: Sources,
    version: string,
    private readonly signal: AbortSignal,
  ) {
    this.model = {
      at: Date.now(),
      version,
      metrics: [],
      events: [],
      log: [],
      models: [],
      taken: [],
      bench: { reports: [] },
      faults: {},
    };
  }

  /** As it is now. */
  current(): TopModel {
    return { ...this.model, at: Date.now() };
  }

  /**
   * Looks at whatever is due; settles when all of that was seen.
   * @param parts what somebody wants to know: nobody pays for what no screen shows
   */
  async tick(parts: readonly Part[] = PARTS): Promise<void> {
    const now = performance.now();
    await Promise.all(
      parts.map(async (part) => {
        const source = this.sources[part];
        if (!source || this.busy.has(part) || (this.due.get(part) ?? 0) > now) return;
        this.busy.add(part);
        const seen = await this.see(part, source);
        this.busy.delete(part);
        const { everyMs } = source;
        this.due.set(part, now + (typeof everyMs === 'number' ? everyMs : everyMs(seen)));
      }),
    );
  }

  /** The next tick looks at this part. */
  hurry(part: Part): void {
    this.due.delete(part);
  }

  private async see(part: Part, { look }: Source): Promise<Partial<TopModel>> {
    const others = () => {
      const { [part]: _, ...faults } = this.model.faults;
      return faults;
    };
    try {
      const seen = await look(this.signal);
      this.model = { ...this.model, ...seen, faults: others() };
      return seen;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.model = { ...this.model, faults: { ...others(), [part]: why } };
      return {};
    }
  }
}

import type { Collector } from './collector.js';
import { frame, pageOf, type Size } from './frame.js';
import type { Look } from './look.js';
import { tuiMessages } from './messages.js';
import type { TopModel } from './model.js';
import type { CacheChoice } from './screens/cache.js';
import { initialState, press, type TopState } from './state.js';
import { headOf, PARTS_OF } from './views.js';

export interface WatchOptions {
  collector: Collector;
  look: Look;
  readOnly: boolean;
  intervalMs: number;
  /** Removes what was chosen. @returns what is to be said of it */
  remove: (choice: CacheChoice) => Promise<string>;
  size: () => Size;
}

/** A slow source is shown at the next look: nobody waits longer for the others. */
const PATIENCE_MS = 250;

/**
 * What is on the screen: looks at the sources in its interval, takes keys, and tells its listener only when a line is
 * another one, since to draw costs more than all the rest.
 */
export class Watch {
  private state: TopState;
  private model: TopModel;
  private drawn: readonly string[];
  private timer: NodeJS.Timeout | undefined;
  private listener: () => void = () => undefined;

  constructor(
    private readonly options: WatchOptions,
    private readonly quit: () => void,
  ) {
    this.state = initialState(options.intervalMs);
    this.model = options.collector.current();
    this.drawn = this.lines();
  }

  /** The lines as they were told last: the same array until one of them changes. */
  readonly current = (): readonly string[] => this.drawn;

  /** Looks from now on, until what it returns is called. */
  readonly follow = (listener: () => void): (() => void) => {
    this.listener = listener;
    this.look();
    return () => {
      clearTimeout(this.timer);
      this.listener = () => undefined;
    };
  };

  /** The window has another size: drawn anew even where every line is the same. */
  readonly resized = (): void => {
    this.drawn = this.lines();
    this.listener();
  };

  private draw(): void {
    const lines = this.lines();
    if (lines.length === this.drawn.length && lines.every((line, i) => line === this.drawn[i])) return;
    this.drawn = lines;
    this.listener();
  }

  press(key: { name: string; text: string }): void {
    const { options, model, state } = this;
    const page = pageOf(options.size(), headOf(model, state, options.look));
    const { state: next, effect } = press(state, key, { model, readOnly: options.readOnly, page });
    this.state = next;
    if (effect === 'quit') {
      this.quit();
      return;
    }
    if (effect) void this.carryOut(effect.remove);
    const isOther =
      next.view !== state.view || next.intervalMs !== state.intervalMs || next.paused !== state.paused;
    if (isOther) this.look();
    this.draw();
  }

  private lines(): string[] {
    const { options, model, state } = this;
    return frame(model, state, options.size(), options.look, options.readOnly);
  }

  private look(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.state.intervalMs);
    const seen = this.options.collector.tick(PARTS_OF[this.state.view]);
    const patience = new Promise<void>((resolve) => {
      setTimeout(resolve, PATIENCE_MS).unref();
    });
    void Promise.race([seen, patience]).then(() => {
      if (this.state.paused) return;
      this.model = this.options.collector.current();
      this.draw();
    });
  }

  private async carryOut(choice: CacheChoice): Promise<void> {
    const { collector, remove } = this.options;
    const message = await remove(choice).then(
      (said) => {
        collector.hurry('store');
        return said;
      },
      (error: unknown) => tuiMessages.failed(error instanceof Error ? error.message : String(error)),
    );
    this.state = { ...this.state, message };
    this.look();
    this.draw();
  }
}

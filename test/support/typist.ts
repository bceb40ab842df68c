import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Context } from '../../src/cli/context.js';
import { createOutput, type OutputOptions } from '../../src/cli/output.js';

/** Only against hanging. */
const WITHIN_MS = 45_000;

/** Somebody who sits at a terminal, and what it shows him; no process and no real terminal is needed for that. */
export class Typist {
  /** Everything that was written, as it is: stdout and stderr are one screen. */
  raw = '';
  readonly ctx: Context;
  private readonly readers = new Set<() => void>();
  private readonly keys = Object.assign(new PassThrough(), { isTTY: true });
  private readonly killing = new AbortController();

  constructor(rest: Partial<Context> = {}, options: Partial<OutputOptions> = {}) {
    // As `dumb`, which CI has, readline draws nothing.
    process.env.TERM = 'xterm-256color';
    const screen = Object.assign(
      new Writable({
        write: (data, _, done) => {
          this.raw += String(data);
          done();
          for (const look of this.readers) look();
        },
      }),
      { isTTY: true, columns: 80, rows: 24 },
    );
    const common = { env: {}, json: false, quiet: false, verbose: false, noColor: true, ascii: true };
    const out = createOutput({ ...common, stdout: screen, stderr: screen, ...options });
    const world = { stdin: () => this.keys, stdout: screen, stderr: screen, out, env: {}, mayAsk: true };
    this.ctx = { ...world, signal: this.killing.signal, ...rest } as unknown as Context;
  }

  /** Without colour and the movements of the cursor. */
  get text(): string {
    return stripVTControlCharacters(this.raw).replaceAll('\r', '');
  }

  press(keys: string): void {
    this.keys.write(keys);
  }

  /** SIGTERM, as a command hears of it. */
  terminate(reason: Error): void {
    this.killing.abort(reason);
  }

  /** The terminal says that nothing more comes. */
  hangUp(): void {
    this.keys.end();
  }

  /** The same keyboard as a program's output. */
  pipe(): PassThrough {
    return new PassThrough();
  }

  /** Whether keys are still listened to: a process would not end. */
  get isHeard(): boolean {
    return this.keys.readableFlowing === true;
  }

  /** Waits until it is shown; looks at every write, so that nobody waits longer than he must. */
  shows(what: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error(`no ${what} in:\n${this.text}`));
      const timer = setTimeout(giveUp, WITHIN_MS);
      const look = () => {
        if (!what.test(this.text)) return;
        clearTimeout(timer);
        this.readers.delete(look);
        resolve(this.text);
      };
      this.readers.add(look);
      look();
    });
  }
}

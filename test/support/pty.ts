import path from 'node:path';
import xterm from '@xterm/headless';
import { execa } from 'execa';
import { eventually } from './eventually.js';

const PTY = path.join(import.meta.dirname, 'in-terminal.py');

/** A program in a real pseudo terminal, and an emulator that shows what is on its screen. */
export class Pty {
  /** Everything that the program wrote, as it is. */
  raw = '';
  private readonly screen: xterm.Terminal;
  private readonly child;
  private written = Promise.resolve();

  constructor(
    command: readonly string[],
    {
      columns,
      rows,
      env,
      timeoutMs = 400_000,
    }: { columns: number; rows: number; env: Record<string, string>; timeoutMs?: number },
  ) {
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
    this.child = execa('python3', ['-u', PTY, String(columns), String(rows), ...command], {
      env: { LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', ...env },
      extendEnv: false,
      reject: false,
      buffer: { stdout: false },
      encoding: 'buffer',
      stdin: 'pipe',
      timeout: timeoutMs,
    });
    this.child.stdout.on('data', (data: Buffer) => {
      this.raw += data.toString('utf8');
      this.written = new Promise((resolve) => this.screen.write(data, resolve));
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Which of its two screens a terminal shows: `alternate` while a program draws on it. */
  get buffer(): string {
    return this.screen.buffer.active.type;
  }

  /** The lines of the screen, without spaces at their ends. */
  async lines(): Promise<string[]> {
    await this.written;
    const { active } = this.screen.buffer;
    return Array.from(
      { length: this.screen.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
    );
  }

  /** Waits until the screen shows this. */
  shows(what: RegExp): Promise<string> {
    return eventually(async () => {
      const text = (await this.lines()).join('\n');
      return what.test(text) ? text : undefined;
    }).catch(async (error: unknown) => {
      throw new Error(`no ${what} on the screen:\n${(await this.lines()).join('\n')}`, { cause: error });
    });
  }

  press(keys: string): void {
    this.order({ keys });
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.order({ size: [columns, rows] });
  }

  kill(signal: number): void {
    this.order({ signal });
  }

  /** The exit code; a signal's is negative. */
  async ended(): Promise<number> {
    const { stderr } = await this.child;
    await this.written;
    return Number(/exit=(-?\d+)\s*$/.exec(Buffer.from(stderr).toString())?.[1] ?? Number.NaN);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill(9);
    await this.child;
  }

  private order(order: object): void {
    if (this.child.exitCode === null && this.child.stdin.writable)
      this.child.stdin.write(`${JSON.stringify(order)}\n`);
  }
}

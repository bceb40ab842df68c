import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./fake-engine-child.mjs', import.meta.url));

/** How it behaves; what is absent stays as it was. */
export interface EngineBehaviour {
  /** `broken`: its backend died; it refuses everything, and says so at `/health`; `refusing`: it says that it is well. */
  mode?: 'ready' | 'loading' | 'broken' | 'refusing';
  /** What it says; the guide's `help` by itself. */
  answer?: string;
  /** Before each answer. */
  delayMs?: number;
  /** Pieces of a streamed answer, and tokens of any. */
  pieces?: number;
  /** Ends a streamed answer with its count of tokens. */
  usage?: boolean;
  /** What it says of itself at /health. */
  health?: Record<string, unknown>;
  /** The share of requests that go wrong, refusals, garbage, broken connections and silence by turns: 0.1 is every tenth. */
  faulty?: number;
}

export interface EngineStats {
  posts: number;
  answered: number;
  closedEarly: number;
  /** Requests that it is at now. */
  busy: number;
  /** Tokens that it made. */
  tokens: number;
}

/** A fake engine in a process of its own. `kill` it when the test is over: that ends a frozen one as well. */
export class FakeEngineProcess {
  private constructor(
    readonly port: number,
    private child: ChildProcess,
    private lines: Interface,
  ) {}

  static async start(behaviour: EngineBehaviour = {}): Promise<FakeEngineProcess> {
    const { port, child, lines } = await launch(0);
    const engine = new FakeEngineProcess(port, child, lines);
    await engine.behave(behaviour);
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async behave(behaviour: EngineBehaviour): Promise<void> {
    const heard = once(this.lines, 'line');
    this.child.stdin?.write(`${JSON.stringify(behaviour)}\n`);
    await heard;
  }

  async stats(): Promise<EngineStats> {
    return (await (await fetch(`${this.url}/stats`)).json()) as EngineStats;
  }

  /** It keeps its port and its connections, and does nothing. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** A new process on the same port, in its first state. */
  async restart(behaviour: EngineBehaviour = {}): Promise<void> {
    await this.kill();
    ({ child: this.child, lines: this.lines } = await launch(this.port));
    await this.behave(behaviour);
  }
}

async function launch(port: number) {
  const child = spawn(process.execPath, [CHILD, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, 'line')) as [string];
  return { port: Number(first), child, lines };
}

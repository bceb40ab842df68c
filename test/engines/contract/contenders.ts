import { EngineUnderTest } from '../../support/engine-process.js';
import { OracleServer, oracleIsMissing } from '../../support/oracle-server.js';

export interface Contender {
  readonly url: string;
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  kill(): Promise<void>;
}

/** Tests share their cores; one thread of each engine spins for nobody, and adds up in one order. */
const threads = 1;

export interface Shape {
  /** Tokens that one request may use. */
  context: number;
  slots: number;
}

export type ContenderName = 'embedded' | 'llama-server';

/** The two engines that have to keep one contract: ours, and llama.cpp's own server. */
export const CONTENDERS: readonly {
  name: ContenderName;
  missing: boolean;
  ready: (model: string, shape: Shape) => Promise<Contender>;
  /** Spawned, and its port is open. */
  loading: (model: string, shape: Shape) => Promise<Contender>;
}[] = [
  {
    name: 'embedded',
    missing: false,
    ready: (model, shape) => EngineUnderTest.ready(model, { ...shape, threads }),
    loading: async (model, shape) => {
      const engine = EngineUnderTest.spawn(model, { ...shape, threads });
      await engine.until(() => engine.port !== undefined, 2);
      return engine;
    },
  },
  {
    name: 'llama-server',
    missing: oracleIsMissing,
    ready: (model, shape) => OracleServer.ready(model, { ...shape, threads }),
    loading: (model, shape) => OracleServer.spawn(model, { ...shape, threads }),
  },
];

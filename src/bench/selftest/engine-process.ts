// A channel of messages and an end with the parent are all that is needed; execa would cost the start 50 ms.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { BotllmError } from '../../errors.js';
import { messages } from '../messages.js';
import type { Script, ServedRecord } from './script.js';

export type FromSynthetic = { type: 'ready'; port: number } | { type: 'served'; records: ServedRecord[] };

export interface SyntheticProcess extends AsyncDisposable {
  root: string;
  /** What it served since the last time. */
  served(): Promise<ServedRecord[]>;
}

/** Starts a synthetic engine on a free port of 127.0.0.1. @throws BotllmError `INTERNAL` */
export async function startSynthetic(script: Script): Promise<SyntheticProcess> {
  const child = fork(new URL('./engine-main.js', import.meta.url), [JSON.stringify(script)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new BotllmError('INTERNAL', messages.syntheticBroke, { detail: `exit code ${code}` });
  });
  failed.catch(() => undefined);
  const next = async () => {
    const [message] = (await Promise.race([once(child, 'message'), failed])) as [FromSynthetic];
    return message;
  };
  const ready = await next();
  if (ready.type !== 'ready') throw new BotllmError('INTERNAL', messages.syntheticBroke);
  return {
    root: `http://127.0.0.1:${ready.port}`,
    async served() {
      child.send('served');
      const message = await next();
      return message.type === 'served' ? message.records : [];
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

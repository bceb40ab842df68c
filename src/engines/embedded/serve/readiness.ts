import { unavailable } from '../../../openai-http/wire-error.js';
import type { Engine } from '../generate/engine.js';
import type { Grammars } from '../generate/grammars.js';
import type { HealthReply } from '../health-reply.js';
import type { EngineJob } from '../job.js';
import type { LoadedModel } from '../load/load-model.js';
import { engineMessages } from '../messages.js';
import type { ChatTemplate } from './chat-template.js';

/** Everything that a request needs, once the first token was made. */
export interface Serving {
  loaded: LoadedModel;
  engine: Engine;
  grammars: Grammars;
  chat: ChatTemplate;
}

const LOADING_RETRY_SECONDS = 2;
const STOPPING_RETRY_SECONDS = 5;

/** How far the process is, as `/health` tells it. */
export class Readiness {
  private phase: HealthReply['phase'] = 'checks';
  private progress: number | undefined;
  private serving: Serving | undefined;
  private readonly startedAt: string;

  constructor(
    private readonly job: EngineJob,
    now: Date,
  ) {
    this.startedAt = now.toISOString();
  }

  enter(phase: HealthReply['phase'], progress?: number): void {
    if (this.phase === 'stopping') return;
    this.phase = phase;
    this.progress = progress;
  }

  ready(serving: Serving): void {
    this.serving = serving;
    this.enter('ready');
  }

  get isReady(): boolean {
    return this.phase === 'ready';
  }

  /** @throws WireError 503 while there is no model to ask, or no more */
  require(): Serving {
    if (this.phase === 'stopping') throw unavailable(engineMessages.stopping, STOPPING_RETRY_SECONDS);
    if (!this.serving || this.phase !== 'ready') {
      throw unavailable(engineMessages.loading(this.phase), LOADING_RETRY_SECONDS);
    }
    return this.serving;
  }

  health(): HealthReply {
    const { instanceId, botllmVersion, model } = this.job;
    const { serving } = this;
    return {
      status: this.phase === 'ready' ? 'ok' : this.phase === 'stopping' ? 'stopping' : 'loading',
      instanceId,
      phase: this.phase,
      ...(this.progress === undefined ? {} : { progress: this.progress }),
      model: model.name,
      ...(serving === undefined
        ? {}
        : {
            device: serving.loaded.device,
            context: serving.engine.contextTokens,
            slots: serving.engine.slots,
            busy: serving.engine.busy,
            queued: serving.engine.queued,
          }),
      startedAt: this.startedAt,
      version: botllmVersion,
      pid: process.pid,
    };
  }
}

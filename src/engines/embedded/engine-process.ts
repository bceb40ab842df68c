import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import { createWireServer } from '../../openai-http/wire-server.js';
import { Engine } from './generate/engine.js';
import { Grammars } from './generate/grammars.js';
import { ThreadGovernor } from './generate/thread-governor.js';
import { tokenBytesOf } from './generate/token-bytes.js';
import type { EngineJob } from './job.js';
import type { EarlyLoad } from './load/early-load.js';
import { finishLoad } from './load/finish-load.js';
import { type LoadedModel, type LoadOptions, loadModel } from './load/load-model.js';
import type { Log } from './log.js';
import { Activity } from './serve/activity.js';
import { createChatTemplate } from './serve/chat-template.js';
import { EngineMetrics } from './serve/engine-metrics.js';
import { Listener } from './serve/listener.js';
import { Readiness, type Serving } from './serve/readiness.js';
import { createEngineApp } from './serve/routes.js';

/** How long a stop waits for answers, and then for aborted ones to let go of their slots. */
const DRAIN_MS = 10_000;
const ABORT_MS = 5_000;

/** The server and the model behind it, from the first `/health` to the last byte. */
export class EngineProcess {
  private readonly readiness: Readiness;
  private readonly activity: Activity;
  private readonly metrics: EngineMetrics;
  private readonly stopNow = new AbortController();
  private readonly server: Server;
  private readonly listener: Listener;
  private loaded: LoadedModel | undefined;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly job: EngineJob,
    private readonly log: Log,
    private readonly onBroken: (error: unknown) => void,
    onIdle: () => void,
  ) {
    // Every request in flight listens.
    setMaxListeners(0, this.stopNow.signal);
    this.readiness = new Readiness(job, new Date());
    this.activity = new Activity(job.idleTimeoutMs, onIdle);
    this.metrics = new EngineMetrics(() => {
      const { busy = 0, queued = 0 } = this.readiness.health();
      return { busy, queued };
    });
    this.server = createWireServer(
      createEngineApp({
        job,
        log,
        readiness: this.readiness,
        activity: this.activity,
        metrics: this.metrics,
        stopNow: this.stopNow.signal,
      }),
    );
    this.listener = new Listener(this.server, job, log);
  }

  /**
   * Opens the port first, so that whoever waits sees how far the model is, then loads it and makes one token.
   * @param early a load that is under way already
   * @throws StartError; AbortError when it was stopped meanwhile
   */
  async start(early?: EarlyLoad): Promise<void> {
    await this.listener.open();
    const options: LoadOptions = {
      job: this.job,
      log: this.log,
      signal: this.stopNow.signal,
      onPhase: (phase, progress) => this.readiness.enter(phase, progress),
    };
    const loaded = await (early ? finishLoad(early, options) : loadModel(options));
    this.loaded = loaded;
    this.readiness.enter('probe');
    const governor = this.governor(loaded);
    const serving = this.serve(loaded, governor);
    const oneToken = () => this.probe(serving);
    await (governor ? governor.calibrate(oneToken) : oneToken());
    this.readiness.ready(serving);
    this.activity.watchIdle();
    const { device, contextTokens, slots } = loaded;
    this.log('info', 'ready', { model: this.job.model.name, device, context: contextTokens, slots });
  }

  /** Gives the port to the engine that follows, or takes over the one that it was started for. */
  async handOver(): Promise<void> {
    if (this.stopping === undefined) await this.listener.handOver();
  }

  /** Takes nothing new, lets answers finish for a while, then frees the model. A second call hurries. */
  async stop(reason: string): Promise<void> {
    if (this.stopping) {
      this.stopNow.abort();
      return await this.stopping;
    }
    this.stopping = this.shutDown(reason);
    await this.stopping;
  }

  private async shutDown(reason: string): Promise<void> {
    this.log('info', 'stopping', { reason });
    const wasReady = this.readiness.isReady;
    this.readiness.enter('stopping');
    if (!wasReady) this.stopNow.abort();
    const drained = await this.activity.drained(DRAIN_MS);
    this.stopNow.abort();
    if (!drained) await this.activity.drained(ABORT_MS);
    this.listener.close();
    this.server.closeAllConnections();
    await this.loaded?.llama.dispose();
    this.log('info', 'stopped', { drained });
  }

  /** Only where the processor computes, and nobody asked for a number of threads. */
  private governor({ llama, model, threads }: LoadedModel): ThreadGovernor | undefined {
    if (this.job.threads !== undefined || model.gpuLayers > 0) return undefined;
    return new ThreadGovernor(threads, (chosen) => {
      if (llama.maxThreads !== chosen) this.log('info', 'threads', { threads: chosen });
      llama.maxThreads = chosen;
    });
  }

  private serve(loaded: LoadedModel, governor: ThreadGovernor | undefined): Serving {
    const { binding, model, context, llama, info, contextTokens, slots } = loaded;
    return {
      loaded,
      engine: new Engine({
        binding: binding.module,
        model,
        context,
        contextTokens,
        slots,
        watch: {
          onPiece: (tokens) => this.metrics.piece(tokens),
          onWork: (work, startedAt, ms) => governor?.observe(work, startedAt, ms),
        },
        bytesOf: tokenBytesOf({
          model: info.metadata.tokenizer?.ggml?.model,
          tokens: info.metadata.tokenizer?.ggml?.tokens,
        }),
        onBroken: this.onBroken,
      }),
      grammars: new Grammars(llama),
      chat: createChatTemplate({
        jinja: binding.jinja,
        source: info.metadata.tokenizer?.chat_template,
        bos: model.tokens.bosString,
        eos: model.tokens.eosString,
        thinking: this.job.model.thinking,
      }),
    };
  }

  /** One token is the proof that weights, context and sampler work together. */
  private async probe({ engine, loaded }: Serving): Promise<void> {
    const prompt = loaded.model.tokenize('Hi');
    const probe = engine.admit({
      prompt,
      maxTokens: 1,
      sampling: { temperature: 0, topP: 1, seed: 0 },
      grammar: null,
      stops: [],
      dropThought: false,
      topLogprobs: null,
      signal: this.stopNow.signal,
    });
    await probe.run(() => undefined);
  }
}

import type { LlmEvent } from '../../src/observability/events.js';
import type { Look } from '../../src/tui/look.js';
import type { TopModel } from '../../src/tui/model.js';

export const BARE: Look = { paint: (_, text) => text, ascii: false };

/** A moment of a busy bot platform. */
export function busyModel(change: Partial<TopModel> = {}): TopModel {
  return {
    at: Date.UTC(2026, 4, 1, 12, 41, 7),
    version: '0.1.0',
    engine: {
      engine: 'embedded',
      state: 'ready',
      model: 'qwen3-1.7b',
      endpoint: 'http://127.0.0.1:11434',
      startedAt: '2026-05-01T10:27:00.000Z',
      busy: 2,
      slots: 4,
      queued: 1,
    },
    metrics: [{ url: 'http://127.0.0.1:11435/metrics', answers: true }],
    events: [
      ...call('r1', 'intent', { event: 'llm_success', latencyMs: 400, attempts: 1, outputTokens: 12 }),
      ...call('r2', 'intent', { event: 'llm_cache_hit', latencyMs: 1, ageMs: 5_000 }),
      ...call('r3', 'menu', { event: 'llm_error', latencyMs: 30_000, error: 'TIMEOUT' }),
    ],
    log: ['started', 'listening on 11434', 'a line with \u001b[31mcolour\u001b[0m in it'],
    store: {
      kind: 'embedded',
      location: '/home/me/store',
      limit: 10,
      cache: {
        entries: 7,
        groups: [{ scope: '-', task: 'intent', model: 'qwen3-1.7b', entries: 7 }],
        usedBytes: 4096,
        maxBytes: null,
        complete: true,
      },
      users: {
        users: 1,
        top: [{ scope: '-', user: 'tg:42', calls: 10, newestAgeMs: 3_000 }],
        complete: true,
      },
    },
    models: [
      { name: 'qwen3-1.7b', title: 'Qwen3 1.7B', bytes: 1e9, installed: true, isDefault: true, fits: true },
    ],
    bench: {
      running: {
        model: 'phi3-mini',
        load: '4 at once',
        at: 2,
        of: 3,
        share: 0.42,
        startedAt: '2026-05-01T12:38:57.000Z',
      },
      reports: [
        {
          id: '1a2b3c4d',
          startedAt: '2026-05-01T10:15:00.000Z',
          label: 'after the upgrade',
          rows: [
            {
              model: 'qwen3-1.7b',
              load: 'synthetic alone',
              ttftMs: 310,
              decodeTps: 38.2,
              errors: 0,
              flags: [],
            },
            { model: 'qwen3-1.7b', load: 'synthetic 4 at once', errors: 2, flags: ['drift'] },
          ],
          failed: [{ model: 'gemma-2b', message: 'needs a token of the hub' }],
        },
        { id: '0f0f0f0f', startedAt: '2026-04-30T09:00:00.000Z', rows: [], failed: [] },
      ],
    },
    logOf: '/home/me/logs/engine.log',
    taken: [{ name: 'embedded (42)', cpuPercent: 310, memoryBytes: 3e9 }],
    faults: {},
    ...change,
  };
}

/** The two events of one call. */
export function call(requestId: string, task: string, end: object): LlmEvent[] {
  const base = {
    time: '2026-05-01T12:41:05.000Z',
    requestId,
    task,
    type: 'chat_completion' as const,
    model: 'qwen3-1.7b',
    scope: '-',
  };
  return [{ event: 'llm_request', ...base, promptChars: 90 }, { ...base, ...end } as LlmEvent];
}

import { callsOf } from './calls.js';
import type { Look } from './look.js';
import type { Part, TopModel } from './model.js';
import { bench } from './screens/bench.js';
import { cache } from './screens/cache.js';
import { logHead, logs } from './screens/logs.js';
import { models } from './screens/models.js';
import { overview } from './screens/overview.js';
import { request, requests } from './screens/requests.js';
import type { TopState } from './state.js';

export const VIEWS = ['overview', 'requests', 'logs', 'cache', 'models', 'bench'] as const;
export type View = (typeof VIEWS)[number];

const ALWAYS = ['engine', 'traffic', 'events'] as const;

/** What each screen shows, and so has to be looked at while somebody sees it. */
export const PARTS_OF: Readonly<Record<View, readonly Part[]>> = {
  overview: [...ALWAYS, 'taken', 'store'],
  requests: ALWAYS,
  logs: [...ALWAYS, 'log'],
  cache: [...ALWAYS, 'store'],
  models: [...ALWAYS, 'models'],
  bench: [...ALWAYS, 'bench'],
};

/** In which a row is chosen; the others are scrolled. */
export const CHOOSES: ReadonlySet<View> = new Set(['requests', 'cache']);

export interface Row {
  text: string;
  /** Its place among all rows, those that the filter hides included. */
  index: number;
}

const BARE: Look = { paint: (_, text) => text, ascii: true };

/** What always stays on top of a screen. */
export function headOf(
  model: TopModel,
  { view, opened }: Pick<TopState, 'view' | 'opened'>,
  look: Look,
): string[] {
  if (view === 'cache') return cache(model, look).head;
  if (view === 'logs') return logHead(model, look);
  if (view === 'requests' && opened === null && callsOf(model.events).length > 0)
    return requests(model, look).slice(0, 1);
  return view === 'models' ? models(model, look).slice(0, 1) : [];
}

/** The rows that the filter lets through. */
export function rowsOf(
  model: TopModel,
  { view, opened, filter }: Pick<TopState, 'view' | 'opened' | 'filter'>,
  look: Look = BARE,
): Row[] {
  const wanted = filter.toLowerCase();
  return all(model, view, opened, look)
    .map((text, index) => ({ text, index }))
    .filter(({ text }) => text.toLowerCase().includes(wanted));
}

function all(model: TopModel, view: View, opened: number | null, look: Look): string[] {
  switch (view) {
    case 'overview':
      return overview(model, look);
    case 'requests':
      if (opened !== null) return request(model, opened);
      return requests(model, look).slice(callsOf(model.events).length > 0 ? 1 : 0);
    case 'logs':
      return logs(model);
    case 'cache':
      return cache(model, look).rows;
    case 'models':
      return models(model, look).slice(1);
    case 'bench':
      return bench(model, look);
  }
}

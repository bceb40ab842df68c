import { statusLine } from './frame.js';
import type { Look } from './look.js';
import { tuiMessages } from './messages.js';
import type { TopModel } from './model.js';
import { headOf, rowsOf, VIEWS } from './views.js';

/** Every screen as text, one below the other, for whoever has no terminal. */
export function allScreens(model: TopModel, look: Look): string {
  const faults = Object.entries(model.faults).map(([part, why]) => tuiMessages.fault(part, why));
  const screens = VIEWS.flatMap((view) => {
    const state = { view, opened: null, filter: '' };
    const rows = rowsOf(model, state, look).map(({ text }) => text);
    return ['', look.paint('bold', tuiMessages.views[view]), ...headOf(model, state, look), ...rows];
  });
  return [statusLine(model, look), ...faults, ...screens].join('\n');
}

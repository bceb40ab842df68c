import path from 'node:path';
import { type HomeLayout, homeLayout } from '../../settings/home.js';

/**
 * Where the bench's own engine keeps its record, lock and log: beside the operator's, so that neither is taken
 * for the other. Models and the binding are those of the home.
 */
export function benchLayout(layout: HomeLayout): HomeLayout {
  const { models, runtime, home } = layout;
  return { ...homeLayout(path.join(home, 'bench')), models, runtime };
}

/** What a bench that is under way has changed. */
export function journalFile(layout: HomeLayout): string {
  return path.join(benchLayout(layout).state, 'journal.json');
}

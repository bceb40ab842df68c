import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engineMessages } from './messages.js';
import { StartError } from './start-error.js';

export type BindingModule = typeof import('node-llama-cpp');

/** Chat templates are Jinja; this is the part of the binding's own Jinja that is used. */
export interface JinjaModule {
  Template: new (source: string) => { render(context: Record<string, unknown>): string };
}

export interface Binding {
  module: BindingModule;
  jinja: JinjaModule;
}

const PACKAGE = 'node-llama-cpp';

/**
 * Imports the binding: the one that the package itself carries (a checkout), else the one under `root`.
 * @throws StartError MISSING_PREREQUISITE when there is none, or it does not load on this system
 */
export async function importBinding(root: string | undefined): Promise<Binding> {
  const failures: unknown[] = [];
  for (const from of [import.meta.url, root && pathToFileURL(join(root, 'package.json')).href]) {
    if (!from) continue;
    try {
      const entry = createRequire(from).resolve(PACKAGE);
      const module = (await import(pathToFileURL(entry).href)) as BindingModule;
      const jinja = createRequire(entry)('@huggingface/jinja') as JinjaModule;
      return { module, jinja };
    } catch (error) {
      failures.push(error);
    }
  }
  const last = failures.at(-1);
  throw new StartError('MISSING_PREREQUISITE', engineMessages.bindingMissing, {
    detail: last instanceof Error ? firstLine(last.message) : undefined,
    hint: engineMessages.bindingHint,
    cause: last,
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

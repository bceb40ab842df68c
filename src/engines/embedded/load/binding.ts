import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { engineMessages } from '../messages.js';
import { StartError } from '../start-error.js';
import { resolvingFrom } from './binding-place.js';

export type BindingModule = typeof import('node-llama-cpp');

/** Chat templates are Jinja; this is the part of the binding's own Jinja that is used. */
export interface JinjaModule {
  Template: new (source: string) => { render(context: Record<string, unknown>): string };
}

/** What requests need of the binding once a model is loaded. */
export type GrammarModule = Pick<BindingModule, 'LlamaGrammarEvaluationState'>;

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
  for (const from of resolvingFrom(root)) {
    try {
      const entry = createRequire(from).resolve(PACKAGE);
      const module = (await import(pathToFileURL(entry).href)) as BindingModule;
      return { module, jinja: jinjaBeside(entry) };
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

/** The Jinja that the binding itself uses. @param file any file of the binding's */
export function jinjaBeside(file: string): JinjaModule {
  return createRequire(file)('@huggingface/jinja') as JinjaModule;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

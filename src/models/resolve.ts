import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, type Catalogue, type CatalogueEntry, findEntry } from './catalogue.js';
import { SAY } from './messages.js';
import { nearest } from './nearest.js';
import { refuse } from './refuse.js';

/** What a reference names. `path` is absolute; whether the file is there is not asked yet. */
export type ResolvedModel =
  | { kind: 'catalogue'; entry: CatalogueEntry }
  | { kind: 'file'; path: string; name: string };

export interface ResolveOptions {
  /** Where a relative path starts. */
  cwd?: string | undefined;
  catalogue?: Catalogue | undefined;
}

/**
 * What `--model`, `MODEL_ID` or `LLM_MODEL` names: an alias, an id that an entry answers to (in any case), or
 * a file (absolute, `./…`, `../…`, `file:…`, or anything that ends in `.gguf`).
 * @throws BotllmError `UNKNOWN_MODEL`, with the names that may have been meant
 */
export function resolveModel(
  ref: string,
  { cwd = '.', catalogue = CATALOGUE }: ResolveOptions = {},
): ResolvedModel {
  const text = ref.trim();
  const entry = findEntry(catalogue, text);
  if (entry) return { kind: 'catalogue', entry };
  const file = filePath(text, cwd);
  if (file !== null) return { kind: 'file', path: file, name: fileName(file) };
  const meant = nearest(
    text,
    catalogue.entries.flatMap(({ alias, ids }) => [alias, ...ids]),
  );
  throw refuse('UNKNOWN_MODEL', SAY.unknownModel(text, aliasesOf(meant, catalogue)));
}

/** People are shown the short names: an id that came near stands for its alias. */
function aliasesOf(names: readonly string[], catalogue: Catalogue): string[] {
  return [...new Set(names.map((name) => findEntry(catalogue, name)?.alias ?? name))];
}

function filePath(text: string, cwd: string): string | null {
  if (/^file:/i.test(text)) {
    try {
      return fileURLToPath(new URL(text));
    } catch (cause) {
      throw refuse('UNKNOWN_MODEL', SAY.badFileUrl(text), { cause });
    }
  }
  // `https://…/x.gguf` ends like a file and is none.
  if (/^[a-z][a-z0-9+.-]+:/i.test(text) && !path.isAbsolute(text)) return null;
  const looksLikePath = path.isAbsolute(text) || /^\.\.?([/\\]|$)/.test(text) || /\.gguf$/i.test(text);
  return looksLikePath ? path.resolve(cwd, text) : null;
}

const fileName = (file: string): string => path.basename(file).replace(/\.gguf$/i, '') || file;

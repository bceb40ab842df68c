import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, type Catalogue, type CatalogueEntry, findEntry } from './catalogue.js';
import { SAY } from './messages.js';
import { nearest } from './nearest.js';
import { quantisationOf } from './quantisation.js';
import { refuse } from './refuse.js';
import { stemOf } from './target.js';

const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** What a reference names; whether it is there is not asked yet. */
export type ResolvedModel =
  | { kind: 'catalogue'; entry: CatalogueEntry }
  /** `path` is absolute. */
  | { kind: 'file'; path: string; name: string }
  /** A repository of the hub; without a file the hub is asked, with the quantisation or the usual order. */
  | { kind: 'hub'; repo: string; file?: string; quantisation?: string }
  | { kind: 'url'; url: string; name: string }
  | { kind: 'pypi'; package: string; version: string };

export interface ResolveOptions {
  /** Where a relative path starts. */
  cwd?: string | undefined;
  catalogue?: Catalogue | undefined;
  /** Whether a path is there; decides what `a/b/c.gguf` means. */
  exists?: (path: string) => boolean;
  /** How a hint asks for a model: `--model <alias>` unless the command takes it otherwise. */
  asking?: ((alias: string) => string) | undefined;
}

/**
 * What `--model`, `MODEL_ID` or `LLM_MODEL` names: an alias, an id that an entry answers to (in any case), a
 * file (absolute, `./…`, `../…`, `file:…`, or anything that ends in `.gguf`), a hub id
 * (`org/repo`, `org/repo:QUANT`, `org/repo/file.gguf`, `hf:` before it or not), `https://…`, or
 * `pypi:package==version`. `org/repo/file.gguf` without `hf:` is the file of that path where there is one.
 * @throws BotllmError `UNKNOWN_MODEL`, with the names that may have been meant
 */
export function resolveModel(ref: string, options: ResolveOptions = {}): ResolvedModel {
  const { cwd = '.', catalogue = CATALOGUE, exists = existsSync, asking = byOption } = options;
  const text = ref.trim();
  const entry = findEntry(catalogue, text.replace(/^hf:/i, ''));
  if (entry) return { kind: 'catalogue', entry };
  const remote = SCHEME.test(text) && !path.isAbsolute(text) ? byScheme(text, catalogue) : null;
  if (remote) return remote;
  const file = filePath(text, cwd);
  const hub = hubReferenceOf(text, catalogue);
  if (file !== null && (!hub || exists(file))) return { kind: 'file', path: file, name: fileName(file) };
  if (hub) return hub;
  throw refuse('UNKNOWN_MODEL', SAY.unknownModel(text, aliasesNear(text, catalogue).map(asking)));
}

const byOption = (alias: string): string => `--model ${alias}`;

/** The short names of what may have been meant: an id that came near stands for its alias. */
export function aliasesNear(text: string, catalogue: Catalogue = CATALOGUE): string[] {
  const names = catalogue.entries.flatMap(({ alias, ids }) => [alias, ...ids]);
  return [...new Set(nearest(text, names).map((name) => findEntry(catalogue, name)?.alias ?? name))];
}

/** Null: it looks like a scheme and is none of ours, e.g. `org/repo:Q8_0`. */
function byScheme(text: string, catalogue: Catalogue): ResolvedModel | null {
  const [, scheme = '', rest = ''] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case 'file':
      return fileOfUrl(text);
    case 'hf': {
      const hub = hubReferenceOf(rest, catalogue);
      if (!hub) throw refuse('UNKNOWN_MODEL', SAY.badHubReference(text));
      return hub;
    }
    case 'pypi': {
      const [, name, version] =
        /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)==([a-z0-9][a-z0-9.!+_-]*)$/i.exec(rest) ?? [];
      if (!name || !version) throw refuse('UNKNOWN_MODEL', SAY.badPypiReference(text));
      return { kind: 'pypi', package: name, version };
    }
    case 'http':
    case 'https':
      return webAddress(text);
    default:
      return null;
  }
}

function fileOfUrl(text: string): ResolvedModel {
  try {
    const file = fileURLToPath(new URL(text));
    return { kind: 'file', path: file, name: fileName(file) };
  } catch (cause) {
    throw refuse('UNKNOWN_MODEL', SAY.badFileUrl(text), { cause });
  }
}

/** Without TLS anybody on the way could put other weights in its place, so `http:` is for this machine alone. */
function webAddress(text: string): ResolvedModel {
  const url = URL.canParse(text) ? new URL(text) : null;
  const here = url && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (!url || url.username || url.password || (url.protocol === 'http:' && !here))
    throw refuse('UNKNOWN_MODEL', SAY.badWebAddress(text));
  url.hash = '';
  return { kind: 'url', url: url.href, name: stemOf(decoded(url.pathname)) || url.hostname };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const NAME = '[\\w][\\w.-]*';
const LONGEST_REFERENCE = 500;
const HUB = new RegExp(`^(${NAME}/${NAME})(?::([\\w]+)|/((?:${NAME}/)*${NAME}\\.gguf))?$`, 'i');

function hubReferenceOf(text: string, catalogue: Catalogue): ResolvedModel | null {
  const [, repo, quantisation, file] = HUB.exec(text.slice(0, LONGEST_REFERENCE)) ?? [];
  // `sub/my.gguf` is a path: no repository is called like a file.
  if (!repo || (/\.gguf$/i.test(repo) && !quantisation && !file)) return null;
  const entry = catalogue.entries.find(({ source, quantisation: own }) => {
    if (source.kind !== 'hub' || source.repo.toLowerCase() !== repo.toLowerCase()) return false;
    if (file !== undefined) return source.file === file;
    return quantisation !== undefined && quantisation.toUpperCase() === own?.toUpperCase();
  });
  if (entry) return { kind: 'catalogue', entry };
  if (file !== undefined) return { kind: 'hub', repo, file };
  return {
    kind: 'hub',
    repo,
    ...(quantisation === undefined ? {} : { quantisation: quantisation.toUpperCase() }),
  };
}

/** Whether a file of a repository is one that the reference means. */
export function hubReferenceMeans(
  { repo, file, quantisation }: Extract<ResolvedModel, { kind: 'hub' }>,
  source: string,
): boolean {
  const prefix = `hf:${repo}/`;
  if (!source.toLowerCase().startsWith(prefix.toLowerCase())) return false;
  const its = source.slice(prefix.length);
  if (file !== undefined) return file === its;
  return quantisation === undefined || quantisationOf(its) === quantisation;
}

function filePath(text: string, cwd: string): string | null {
  // `ftp://…/x.gguf` ends like a file and is none.
  if (SCHEME.test(text) && !path.isAbsolute(text)) return null;
  const looksLikePath = path.isAbsolute(text) || /^\.\.?([/\\]|$)/.test(text) || /\.gguf$/i.test(text);
  return looksLikePath ? path.resolve(cwd, text) : null;
}

const fileName = (file: string): string => path.basename(file).replace(/\.gguf$/i, '') || file;

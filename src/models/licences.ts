/** What a person has to know of the terms of a model; what nobody stated is absent. */
export interface ModelLicence {
  /** SPDX where there is one. */
  id?: string;
  name: string;
  /** Whether a commercial bot may run on it. */
  commercial?: boolean;
  /** Whether the hub wants the terms accepted first, and a token. */
  gated?: boolean;
  /** What a person must know before the download. */
  note?: string;
}

const free = (id: string, name: string): ModelLicence => ({ id, name, commercial: true, gated: false });

export const APACHE = free('Apache-2.0', 'Apache License 2.0');
export const MIT = free('MIT', 'MIT License');

const GEMMA_COPY =
  'Google’s own repository is gated: vLLM and TGI need accepted terms and HF_TOKEN. The GGUF copy is not, and the same terms hold for it';

export const GEMMA: ModelLicence = {
  id: 'gemma',
  name: 'Gemma Terms of Use',
  commercial: true,
  gated: true,
  note: GEMMA_COPY,
};

export const LLAMA_3_2: ModelLicence = {
  id: 'llama3.2',
  name: 'Llama 3.2 Community License',
  commercial: true,
  gated: true,
  note: 'Meta’s own repository is gated: vLLM and TGI need accepted terms and HF_TOKEN. The GGUF copy is not, and the same terms hold for it',
};

export const QWEN_RESEARCH: ModelLicence = {
  id: 'qwen-research',
  name: 'Qwen Research License',
  commercial: false,
  gated: false,
  note: 'For research only, not for a commercial bot; qwen3-4b or smollm3-3b may be used for one',
};

/** Ids as hubs spell them, for licences that forbid commercial use; others are passed on without a verdict. */
const NOT_COMMERCIAL = /^(?:qwen-research|cc-by-nc(?:-|$)|.*-non-?commercial|research-only)/i;

/** What a hub says of a repository's terms, in our words. */
export function licenceFromHub(
  id: string | undefined,
  gated: boolean | undefined,
  unstated: string,
): ModelLicence {
  const known = [APACHE, MIT].find((licence) => licence.id?.toLowerCase() === id?.toLowerCase());
  const verdict = id !== undefined && NOT_COMMERCIAL.test(id) ? { commercial: false } : {};
  return {
    ...(known ?? { ...(id === undefined ? {} : { id }), name: id ?? unstated, ...verdict }),
    ...(gated === undefined ? {} : { gated }),
  };
}

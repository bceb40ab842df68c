import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ModelLicence } from './licences.js';

/** A file that is to lie in the models folder, wherever the knowledge of it comes from. */
export interface FetchTarget {
  /** What people call it, and what the engine serves it as. */
  name: string;
  /** Its name in the models folder; one file belongs to one source. */
  file: string;
  /** Absent where nobody knows it before the first answer. */
  bytes?: number;
  sha256?: string;
  /** The reference that names exactly this file. */
  source: string;
  licence: ModelLicence;
}

/** Where a target's bytes come from by HTTP. */
export interface HttpPlace {
  kind: 'http';
  url: string;
  /** The hub's endpoint, or the origin of the address: what did not answer when nothing came. */
  home: string;
  /** `org/repo/file` or the address, for people. */
  what: string;
  /** Of the hub; absent for any other address, which never sees the token. */
  repo?: string;
}

export interface PypiPlace {
  kind: 'pypi';
  package: string;
  version: string;
  /** Absent: the wheel is looked through for its model. */
  member?: string;
}

export const hubReference = (repo: string, file: string): string => `hf:${repo}/${file}`;
export const pypiReference = (name: string, version: string): string => `pypi:${name}==${version}`;

/** The name of a file without folder and ending. */
export const stemOf = (file: string): string => path.posix.basename(file).replace(/\.gguf$/i, '') || file;

/**
 * Two sources may call their files alike; a piece of the reference's hash keeps them apart in one folder.
 * What a foreign name could do to a path or a terminal is left out.
 */
export function fileFor(name: string, source: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120);
  return `${safe}.${createHash('sha256').update(source).digest('hex').slice(0, 8)}.gguf`;
}

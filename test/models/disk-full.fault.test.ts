import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { HUB_ENTRY, REAL_BYTES, sha256, TEST_CATALOGUE, testFolder } from './fixtures.js';
import { hubWith } from './hub-fixture.js';

const CHILD = fileURLToPath(new URL('./fetch-child.mjs', import.meta.url));

/** Runs the child in a shell that first limits what it may write. */
async function fetchUnder(
  shell: string,
  modelsDir: string,
  hfEndpoint: string,
  wrap: readonly string[] = [],
) {
  const job = { ref: HUB_ENTRY.alias, modelsDir, hfEndpoint, catalogue: TEST_CATALOGUE };
  const [program = 'sh', ...args] = [...wrap, 'sh', '-c', `${shell}\nexec node ${CHILD}`];
  const child = execa(program, args, {
    env: { MODEL_JOB: JSON.stringify({ ...job, patience: { backoffMs: 1 } }), MODELS: modelsDir },
    reject: false,
    lines: true,
    timeout: 50_000,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdout, stderr } = await child;
  return { said: stdout.map((line) => JSON.parse(line)), stderr: stderr.join('\n') };
}

test('a write that the kernel refuses midway names the disk, keeps what came, and goes on when there is room', async () => {
  const hub = await hubWith();
  const modelsDir = await testFolder();
  // A limit on the size of a file needs no rights and no mount. Shells count in blocks of 512 or of 1,024
  // bytes; 200 of either lie within the file.
  const { said, stderr } = await fetchUnder('ulimit -f 200', modelsDir, hub.endpoint);
  expect([said.at(-1), stderr]).toEqual([{ error: 'NOT_ENOUGH_DISK' }, expect.any(String)]);
  const part = path.join(modelsDir, `${HUB_ENTRY.file}.part`);
  const kept = (await stat(part)).size;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(REAL_BYTES.length);
  expect(await readdir(modelsDir)).not.toContain(HUB_ENTRY.file);

  const again = await fetchUnder(':', modelsDir, hub.endpoint);
  expect(again.said.at(-1)).toMatchObject({ sha256: sha256(REAL_BYTES) });
  expect(hub.fetches.at(-1)?.headers.range).toBe(`bytes=${kept}-`);
});

/** A mount of one's own: a user namespace gives it to who has no rights, where the kernel allows one; root needs none. */
async function ownMounts(): Promise<readonly string[] | undefined> {
  for (const flags of ['-Urm', '-m']) {
    const { failed } = await execa('unshare', [flags, 'true'], { reject: false });
    if (!failed) return ['unshare', flags];
  }
  return undefined;
}
const wrap = await ownMounts();

// Where there is neither, the test above has shown the same path of code by another refusal. CI has one of them.
test.skipIf(wrap === undefined && process.env.CI !== 'true')(
  'a disk that becomes full while the file comes names it, and nothing half-written is used',
  async () => {
    const hub = await hubWith();
    const modelsDir = path.join(await testFolder(), 'models');
    const evidence = await testFolder();
    await mkdir(modelsDir);
    // 80 MB pass the check before the download, and are gone when the bytes come: another program took them.
    const fill = [
      'mount -t tmpfs -o size=80m tmpfs "$MODELS"',
      `(while [ ! -e "$MODELS/${HUB_ENTRY.file}.part" ]; do sleep 0.02; done`,
      `cat /dev/zero > "$MODELS/filler" 2>/dev/null; : > ${evidence}/full; sleep 3; ls "$MODELS" > ${evidence}/left) &`,
    ].join('\n');
    // The bytes wait until the disk is full.
    hub.storeMishaps.push({ after: path.join(evidence, 'full') });
    const { said, stderr } = await fetchUnder(fill, modelsDir, hub.endpoint, wrap);
    expect([said.at(-1), stderr]).toEqual([{ error: 'NOT_ENOUGH_DISK' }, expect.any(String)]);
    const left = await waitForText(path.join(evidence, 'left'));
    expect(left.split('\n')).not.toContain(HUB_ENTRY.file);
  },
);

async function waitForText(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return text;
    await new Promise((done) => setTimeout(done, 50));
  }
}

test('a disk that is too small from the start is refused before a byte is asked for', async () => {
  const hub = await hubWith();
  const modelsDir = await testFolder();
  const entries = [{ ...HUB_ENTRY, bytes: 2 ** 52 }];
  const job = { ref: HUB_ENTRY.alias, modelsDir, hfEndpoint: hub.endpoint };
  const env = { MODEL_JOB: JSON.stringify({ ...job, catalogue: { ...TEST_CATALOGUE, entries } }) };
  await writeFile(path.join(modelsDir, 'other.gguf'), '');
  const { stdout } = await execa('node', [CHILD], { env, reject: false });
  expect(JSON.parse(stdout.split('\n').at(-1) ?? '')).toEqual({ error: 'NOT_ENOUGH_DISK' });
  expect(hub.requests).toEqual([]);
});

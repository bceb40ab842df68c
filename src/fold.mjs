// `node src/fold.mjs`, the last step of the build. What every command line loads before its own work is some sixty
// files and a hundred of zod; one by one they cost several times the start of Node itself. They are folded into a
// file a layer, and each stays where it was as a door into it: whoever imports it, gets the very same module.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

const DIST = path.resolve(import.meta.dirname, '../dist');
const ENTRIES = ['cli/main.js', 'cli/commands/health.js'];
/** `--version` must load this one alone. */
const APART = ['cli/version.js'];
const PACKAGES = /^(zod|commander|env-paths|is-safe-filename|pretty-bytes)(\/|$)/;
/** The lower layers first: a library or an engine that needs one of them gets nothing of those above it. */
const LAYERS = [
  { name: 'zod', test: /\/node_modules\/zod\/|\/dist\/zod\.js$/ },
  {
    name: 'settings',
    test: /\/dist\/([^/]+|settings\/.+|models\/.+|client\/.+)\.js$|\/(env-paths|is-safe-filename)\//,
  },
  { name: 'engines', test: /\/dist\/(engines|openai-http)\// },
  { name: 'cli', test: /./ },
];

const ours = new Map();
for (const entry of ENTRIES) await collect(path.join(DIST, entry));

async function collect(file) {
  const name = path.relative(DIST, file).replaceAll(path.sep, '/');
  if (ours.has(name) || APART.includes(name)) return;
  const text = await readFile(file, 'utf8');
  if (text.includes('import.meta')) throw new Error(`${name} asks where it lies, so it cannot be folded`);
  ours.set(name, file);
  for (const [, target] of text.matchAll(
    /^(?:import|(?:import|export)\b[^;'"()]*\bfrom)\s+['"](\.[^'"]+)['"]/gm,
  ))
    await collect(path.resolve(path.dirname(file), target));
}

const bundle = await rolldown({
  cwd: DIST,
  platform: 'node',
  input: Object.fromEntries([...ours].map(([name, file]) => [name.replace(/\.js$/, ''), file])),
  preserveEntrySignatures: 'allow-extension',
  makeAbsoluteExternalsRelative: true,
  external: (id, importer) => {
    if (!id.startsWith('.') && !path.isAbsolute(id)) return !PACKAGES.test(id);
    const file = path.resolve(path.dirname(importer ?? DIST), id);
    return file.startsWith(DIST + path.sep) && ![...ours.values()].includes(file);
  },
});
const { output } = await bundle.generate({
  format: 'esm',
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'folded/[name].js',
  codeSplitting: { groups: LAYERS.map((layer, i) => ({ ...layer, priority: LAYERS.length - i })) },
});
await bundle.close();
for (const { fileName, code } of output) {
  const file = path.join(DIST, fileName);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, inAscii(withoutFacades(code)));
}
for (const name of APART) {
  const file = path.join(DIST, name);
  await writeFile(file, withoutFacades(await readFile(file, 'utf8')));
}

/** Text of one byte a character is read and parsed faster than a file that holds a single `…`. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Imported, a module of Node's is read property by property into a facade, and of some the reading itself costs: fs
 * then loads its streams, process opens stdin.
 */
function withoutFacades(code) {
  return code.replace(
    /^import (?:(?<whole>[\w$]+)|\* as (?<space>[\w$]+))?(?:, )?(?:\{(?<names>[^}]*)\})? ?from (?<quote>["'])(?<id>node:[^"']+)\k<quote>;$/gm,
    (...match) => {
      const { whole, space, names, id } = match.at(-1);
      const targets = [whole, space, names && `{${names.replaceAll(' as ', ': ')}}`].filter(Boolean);
      return targets.map((target) => `const ${target} = process.getBuiltinModule("${id}");`).join('\n');
    },
  );
}

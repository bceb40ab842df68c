// `node src/fold.mjs`, the last step of the build. What every command line loads before its own work is some sixty
// files and a hundred of zod; one by one they cost several times the start of Node itself. They are folded into a
// file a layer, and each stays where it was as a door into it: whoever imports it, gets the very same module. The
// folded files are CommonJS: Node then starts without its other loader, and can be given their compiled code.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

const DIST = path.resolve(import.meta.dirname, '../dist');
const FOLDED = path.join(DIST, 'folded');
const ENTRIES = ['cli/start.js', 'cli/main.js', 'cli/commands/health.js'];
/** As deep below the package as what it is folded into, so it may ask where it lies. */
const KNOWS_ITS_PLACE = 'cli/version.js';
const PACKAGES = /^(zod|commander|env-paths|is-safe-filename|pretty-bytes)(\/|$)/;
/** The lower layers first: a library or an engine that needs one of them gets nothing of those above it. */
const LAYERS = [
  { name: 'start', test: /\/dist\/cli\/(start|version)\.js$/ },
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
  if (ours.has(name)) return;
  const text = await readFile(file, 'utf8');
  if (text.includes('import.meta') && name !== KNOWS_ITS_PLACE)
    throw new Error(`${name} asks where it lies, so it cannot be folded`);
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
  minifyInternalExports: false,
  codeSplitting: { groups: LAYERS.map((layer, i) => ({ ...layer, priority: LAYERS.length - i })) },
});
await bundle.close();

/** What imports for them: code that was compiled before cannot. */
const LOADER = 'import.cjs';
const DOOR = /^(?:export \{[^}]*\} from "[^"]+";\n?)+$/;
/** Of each module in its old place: what it exports, each with the folded file and the name that it has there. */
const doors = new Map();
/** Where the folded files lie, by where rolldown meant them to. */
const folded = new Map();
for (const { fileName, code } of output) {
  if (!DOOR.test(code)) folded.set(fileName, path.basename(fileName, '.js'));
}
for (const { fileName, code } of output) {
  const exported = [];
  for (const [, names, from] of code.matchAll(/^export \{([^}]*)\}(?: from "([^"]+)")?;$/gm)) {
    const layer = folded.get(from ? beside(fileName, from) : fileName);
    for (const [inside, outside] of pairsOf(names)) {
      // Under its own name at home, where it is not passed on from another file.
      exported.push({ layer, outside, inside: from ? inside : outside });
    }
  }
  doors.set(fileName, exported);
}
await rm(FOLDED, { recursive: true, force: true });
await mkdir(FOLDED);
await writeFile(path.join(FOLDED, LOADER), `'use strict';\nmodule.exports = (id) => import(id);\n`);
for (const { fileName, code } of output) {
  const layer = folded.get(fileName);
  if (layer) await writeFile(path.join(FOLDED, `${layer}.cjs`), signed(inAscii(asCommonJs(fileName, code))));
  if (fileName.startsWith('folded/')) continue;
  await mkdir(path.dirname(path.join(DIST, fileName)), { recursive: true });
  await writeFile(path.join(DIST, fileName), doorOf(fileName));
}

/** The path of what a file of the build imports, from the root of the build. */
function beside(fileName, target) {
  return path.posix.join(path.posix.dirname(fileName), target);
}

/** `a as b, c` */
function pairsOf(names) {
  return names
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [from, to = from] = one.split(' as ');
      return [from, to];
    });
}

/** For whoever imports the module from its old place. */
function doorOf(fileName) {
  const exported = doors.get(fileName);
  const layers = [...new Set(exported.map(({ layer }) => layer))];
  const up = path.posix.relative(path.posix.dirname(fileName), 'folded');
  const from = up.startsWith('.') ? up : `./${up}`;
  return [
    // Imported, it would be searched for what it exports first: `status` then takes half as long again.
    `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`,
    ...layers.map((layer) => `const ${layer} = require('${from}/${layer}.cjs');`),
    ...exported.map(({ layer, inside }, i) => `const _${i} = ${layer}.${inside};`),
    `export { ${exported.map(({ outside }, i) => `_${i} as ${outside}`).join(', ')} };\n`,
  ].join('\n');
}

function asCommonJs(fileName, code) {
  const text = withoutFacades(code)
    .replace(/^import \{([^}]*)\} from "(\.[^"]+)";$/gm, (_, names, from) => {
      const layer = folded.get(beside(fileName, from));
      const wanted = pairsOf(names).map(([inside, here]) => `${inside}: ${here}`);
      return `const { ${wanted.join(', ')} } = require("./${layer}.cjs");`;
    })
    .replace(/^import "[^"]+";$/gm, (whole) => {
      const layer = folded.get(beside(fileName, /"(.+)"/.exec(whole)?.[1] ?? ''));
      return `require("./${layer}.cjs");`;
    })
    .replace(/^export \{([^}]*)\};$/gm, (_, names) => {
      for (const [here] of pairsOf(names)) {
        // Whoever took it would not see it change.
        if (new RegExp(`^let ${here.replaceAll('$', '\\$')}\\b`, 'm').test(code))
          throw new Error(`${here} in ${fileName} may change, so it cannot be exported`);
      }
      return `module.exports = { ${pairsOf(names).map(([here, outside]) => `${outside}: ${here}`)} };`;
    })
    .replace(/\bimport\("(\.[^"]+)"\)/g, (whole, target) => {
      const exported = doors.get(beside(fileName, target));
      if (!exported) return whole;
      const parts = exported.map(
        ({ layer, inside, outside }) => `${outside}: require("./${layer}.cjs").${inside}`,
      );
      return `Promise.resolve({ ${parts.join(', ')} })`;
    })
    .replace(/\bimport\("(node:[^"]+)"\)/g, 'Promise.resolve(process.getBuiltinModule("$1"))')
    .replace(/\bimport\("([^"]+)"\)/g, `require("./${LOADER}")("$1")`)
    .replace('(() => createRequire(import.meta.url))()', 'require')
    .replaceAll('import.meta.dirname', '__dirname');
  const left = /^(?:import|export)\b.*|.*import\.meta.*/m.exec(text);
  if (left) throw new Error(`${fileName} cannot be CommonJS: ${left[0]}`);
  return `'use strict';\n${text}`;
}

/** Begins with what tells it from every other: code that was compiled of another one must not run in its place. */
function signed(code) {
  return `//${createHash('sha256').update(code).digest('hex')}\n${code}`;
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

const { readFileSync, openSync, writeSync, fsyncSync, closeSync, renameSync, rmSync } = require('node:fs');
const { wrap } = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');

const FOLDED = path.join(__dirname, '../dist/folded');
/** Compiled sooner than read. */
const SMALL = ['start.cjs', 'import.cjs'];
const SUFFIX = `${process.version}-${process.arch}.code`;

/**
 * Has the folded files loaded with their compiled code, which V8 makes in a third of a command's time. It lies beside
 * the files themselves, so whoever can change it, can change them; where nobody may write it is made each time.
 */
exports.keepCompiled = () => {
  const made = [];
  const load = require.extensions['.js'];
  require.extensions['.cjs'] = (module, file) => {
    if (path.dirname(file) !== FOLDED || SMALL.includes(path.basename(file))) return load(module, file);
    const source = readFileSync(file, 'latin1');
    // V8 itself only compares lengths.
    const kept = `${file}.${source.slice(2, 18)}.${SUFFIX}`;
    const script = new Script(wrap(source), {
      filename: file,
      cachedData: contentOf(kept),
    });
    // V8 refuses what another version of it made, or one with other flags.
    if (script.cachedDataRejected !== false) made.push({ kept, script });
    script.runInThisContext()(module.exports, (id) => module.require(id), module, file, FOLDED);
  };
  process.on('exit', () => {
    // By then all that the command needed is compiled.
    for (const { kept, script } of made) keep(kept, script);
  });
};

function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also when the machine stops: V8 trusts what it reads. */
function keep(file, script) {
  const draft = `${file}.${process.pid}`;
  try {
    const handle = openSync(draft, 'wx');
    try {
      writeSync(handle, script.createCachedData());
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}

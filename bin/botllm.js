#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`botllm needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 5;
} else {
  const { enableCompileCache } = require('node:module');
  // Node 22.1 and newer keep what they compiled for the next start; for an older one it is done here.
  if (enableCompileCache) enableCompileCache();
  else require('./keep-compiled.js').keepCompiled();
  require('../dist/folded/start.cjs').start();
}

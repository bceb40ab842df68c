#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`botllm needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 5;
} else {
  // Node 22.1 and newer keep what they compiled for the next start.
  process.getBuiltinModule('node:module').enableCompileCache?.();
  const { start } = await import('../dist/cli/start.js');
  await start();
}

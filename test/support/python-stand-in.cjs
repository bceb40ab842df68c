#!/usr/bin/node
// Stands in for the Python of vLLM's image, which `switch` has fetch a repository: it says which, and where it may.
const { accessSync, constants } = require('node:fs');
const [, , , program, repository] = process.argv;
if (!program.includes('snapshot_download')) process.exit(2);
accessSync('/root/.cache/huggingface', constants.W_OK);
process.stdout.write(`fetched ${repository}\n`);

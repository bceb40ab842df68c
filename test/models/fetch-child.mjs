// One process that fetches a model, for tests that kill it. Its job is JSON in MODEL_JOB; it says on stdout,
// a JSON line each, what it is told.
import { ensureModel } from '../../dist/models/ensure.js';

// Node ignores this signal; signal-exit, which packages of ours bring along, would end the process by it.
process.on('SIGXFSZ', () => {});

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const { ref, ...ctx } = JSON.parse(process.env.MODEL_JOB ?? '{}');
try {
  const { path, sha256 } = await ensureModel(ref, {
    ...ctx,
    env: process.env,
    onNotice: ({ code }) => say({ notice: code }),
    onProgress: ({ phase, receivedBytes }) => say({ phase, receivedBytes }),
  });
  say({ path, sha256 });
} catch (error) {
  say({ error: error.code ?? String(error) });
}

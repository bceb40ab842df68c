import { createRequire } from 'node:module';
import path from 'node:path';
import { readGguf } from '../../../models/gguf.js';

/**
 * A short process of its own: `node preflight.js <llama-addon.node> <model.gguf>`. It does with the binary what
 * the binding does before it trusts one, so that an illegal instruction or a missing library ends this process
 * and not the engine, and it reads the model's header. It prints what the header says and exits with 0, or it
 * ends in any other way.
 */
interface Addon {
  setLoggerLogLevel(level: number): void;
  loadBackends(folder?: string): void;
  getGpuType(): string | false | undefined;
  init(): Promise<void>;
  getGpuVramInfo(): unknown;
  getGpuDeviceInfo(): unknown;
  ensureGpuDeviceIsSupported(): void;
}

const ERRORS_ONLY = 2;
const [binary = '', model = ''] = process.argv.slice(2);
const addon = createRequire(import.meta.url)(binary) as Addon;
addon.setLoggerLogLevel(ERRORS_ONLY);
addon.loadBackends();
if (addon.getGpuType() == null) addon.loadBackends(path.dirname(binary));
await addon.init();
addon.getGpuVramInfo();
addon.getGpuDeviceInfo();
addon.ensureGpuDeviceIsSupported();
if (addon.getGpuType() !== false) throw new Error('not a binary for the processor');
const facts = await readGguf(model);
process.stdout.write(JSON.stringify(facts), () => process.exit(0));

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of the package that this file belongs to. */
export function packageVersion(): string {
  // The package's own file, read before anything else is loaded: not worth a schema.
  const manifest: unknown = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
  );
  const { version } = manifest as { version: string };
  return version;
}

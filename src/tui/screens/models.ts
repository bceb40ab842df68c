import { prettySize } from '../../size.js';
import { columns, type Look } from '../look.js';
import type { TopModel } from '../model.js';

/** What lies here, what is served, what fits. */
export function models({ models: listed, engine }: TopModel, look: Look): string[] {
  const rows = listed.map(({ name, bytes, approxBytes, installed, isDefault, fits, title }) => [
    name,
    bytes === undefined
      ? approxBytes === undefined
        ? ''
        : `~${prettySize(approxBytes)}`
      : prettySize(bytes),
    engine?.model === name ? 'served' : installed ? 'here' : '',
    fits === undefined ? '?' : fits ? 'fits' : 'too large',
    `${title}${isDefault ? ' (default)' : ''}`,
  ]);
  return columns([['model', 'size', 'here', 'memory', ''], ...rows]).map((line, i) =>
    i === 0 ? look.paint('bold', line) : line,
  );
}

import { say } from '../../language.js';
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
    engine?.model === name ? say('served') : installed ? say('here') : '',
    fits === undefined ? '?' : say(fits ? 'fits' : 'too large'),
    `${title}${isDefault ? ` (${say('default')})` : ''}`,
  ]);
  return columns([['model', 'size', 'here', 'memory', ''].map(say), ...rows]).map((line, i) =>
    i === 0 ? look.paint('bold', line) : line,
  );
}

import { fileKey } from './file-keys.js';
import { GUIDE_INTENTS } from './intents.js';
import { TEMPLATE } from './messages.js';
import { constantDefault } from './show.js';
import { SETTING_ROWS } from './table.js';

/**
 * A configuration file in which every line is a comment: what there is to set, and what holds without it. The
 * `#` before a setting has no space behind it: with the `#` away the line must begin at its margin.
 */
export function yamlTemplate(): string {
  const settings = SETTING_ROWS.map(([key, row]) => {
    const constant = constantDefault(row) !== undefined;
    const remarks = [
      row.kind.range,
      ...(constant ? [] : [TEMPLATE.default(row.defaultText)]),
      ...(row.secret ? [TEMPLATE.secret] : []),
    ];
    return `# ${row.meaning} (${remarks.join('; ')})\n#${fileKey(key)}:${constant ? ` ${row.defaultText}` : ''}`;
  });
  const intents = [
    ...TEMPLATE.intents.map((line) => `# ${line}`),
    '#intents:',
    ...GUIDE_INTENTS.map((name) => `#  ${name}:`),
  ].join('\n');
  const head = TEMPLATE.head.map((line) => `# ${line}`).join('\n');
  return `${[head, ...settings, intents].join('\n\n')}\n`;
}

/** JSON has no comments, so this one says the intents alone: those that hold without a file as well. */
export function jsonTemplate(): string {
  return `${JSON.stringify({ intents: GUIDE_INTENTS }, null, 2)}\n`;
}

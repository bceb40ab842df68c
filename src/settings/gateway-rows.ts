import { text, token } from './kinds.js';
import { row } from './row.js';

/** The settings of `serve`. */
export const GATEWAY_SETTINGS = {
  gatewayKeys: row({
    name: 'BOTLLM_API_KEYS',
    kind: token,
    defaultText: 'none',
    meaning:
      'Keys that callers of `serve` need one of, with commas between them; without any it stays on loopback',
    readBy: 'cli',
    secret: true,
  }),
  gatewayKeysFile: row({
    name: 'BOTLLM_API_KEYS_FILE',
    kind: text,
    defaultText: 'none',
    meaning: 'A file with such keys, one a line; read when `serve` starts',
    readBy: 'cli',
    path: 'always',
  }),
} as const;

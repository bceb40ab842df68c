import { dockerName } from './container-kinds.js';
import { callersKeys, count, text } from './kinds.js';
import { row } from './row.js';

/** The settings of `serve`. */
export const GATEWAY_SETTINGS = {
  gatewayKeys: row({
    name: 'BOTLLM_API_KEYS',
    kind: callersKeys,
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
  gatewayPort: row({
    name: 'GATEWAY_PORT',
    kind: count(1, 65_535),
    defaultText: '11435',
    meaning: 'Its port on 127.0.0.1, on which `metrics` and `top` look as well; `--port` wins',
    readBy: 'cli',
  }),
  gatewayContainer: row({
    name: 'GATEWAY_CONTAINER',
    kind: dockerName,
    defaultText: 'botfactory-gateway',
    meaning: 'The name of its container, for `logs gateway`',
    readBy: 'cli',
  }),
} as const;

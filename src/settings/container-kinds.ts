import { isIP } from 'node:net';
import type { SettingKind } from './kinds.js';

const matching = (pattern: RegExp, range: string): SettingKind<string> => ({
  parse: (value) => (pattern.test(value) ? value : undefined),
  range,
});

/** An image as Docker names it: no space, and nothing that could be an option. */
export const image = matching(/^[a-z0-9][\w.\-/:@]{0,300}$/i, 'an image, such as registry/name:tag');

/** Of a container, a network, a volume or a runtime. */
export const dockerName = matching(/^[a-z0-9][\w.-]{0,127}$/i, 'letters, digits, `_`, `.` and `-`');

/** Docker publishes on addresses, not on names. */
export const ipAddress: SettingKind<string> = {
  parse: (value) => (isIP(value.replace(/^\[(.*)\]$/, '$1')) > 0 ? value : undefined),
  range: 'an IP address of this machine, or 0.0.0.0 for all',
};

export const dockerMemory = matching(/^[1-9]\d{0,12}[bkmg]?$/i, 'a size such as 512m or 6g');

export const quantisation = matching(
  /^[\w-]{1,24}$/,
  'int4, int8, gptq, or a name of the engine such as Q4_K_M',
);

export const gpuIds = matching(
  /^(?:all|(?:\d{1,2}|GPU-[\w-]{8,40})(?:,(?:\d{1,2}|GPU-[\w-]{8,40}))*)$/,
  '0, 0,1, all, or GPU-…',
);

import { BotllmError, type ErrorCode } from '../../errors.js';
import { SAY } from './messages.js';
import type { ToolRun } from './run-tool.js';

interface Fault {
  pattern: RegExp;
  code: ErrorCode;
  message: string;
  hint: string;
}

/** What Docker and Compose say in words only; the texts were read in their sources or seen. */
const FAULTS: readonly Fault[] = [
  {
    pattern:
      /could not select device driver|nvidia-container-cli|unresolvable CDI devices|Unknown runtime specified nvidia/i,
    code: 'MISSING_PREREQUISITE',
    message: SAY.noGpuDriver,
    hint: SAY.noGpuDriverHint,
  },
  {
    pattern: /container name .* is already in use/i,
    code: 'MISSING_PREREQUISITE',
    message: SAY.nameTaken,
    hint: SAY.nameTakenHint,
  },
  {
    pattern: /unknown or invalid runtime name|Unknown runtime specified/i,
    code: 'BAD_CONFIG',
    message: SAY.noRuntime,
    hint: SAY.noRuntimeHint,
  },
  {
    pattern: /port is already allocated|address already in use|ports are not available/i,
    code: 'PORT_TAKEN',
    message: SAY.portTaken,
    hint: SAY.portTakenHint,
  },
  {
    pattern:
      /pull access denied|manifest (?:for .* )?(?:unknown|not found)|failed to resolve reference|no such host|TLS handshake timeout|i\/o timeout|dial tcp|net\/http: request canceled|No such image|unauthorized: /i,
    code: 'MISSING_PREREQUISITE',
    message: SAY.noImage,
    hint: SAY.noImageHint,
  },
];

/** The known fault in what a command said; undefined: none that has a name. */
export function startFault({ stdout, stderr }: Pick<ToolRun, 'stdout' | 'stderr'>): BotllmError | undefined {
  const said = `${stderr}\n${stdout}`;
  const fault = FAULTS.find(({ pattern }) => pattern.test(said));
  if (fault === undefined) return undefined;
  const { code, message, hint, pattern } = fault;
  const line = said.split('\n').find((one) => pattern.test(one)) ?? said;
  return new BotllmError(code, message, { detail: line.trim().slice(0, 300), hint });
}

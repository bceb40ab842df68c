import { BotllmError } from '../../errors.js';
import { BESIDE_LABEL, type BesideContext, besideName, withBeside } from './beside.js';
import { SAY } from './messages.js';
import { hasNetwork } from './network.js';
import { type ComposeWish, volumePrefix } from './order.js';
import { planContainer } from './plan.js';
import { startFault } from './start-fault.js';

/** A repository of gigabytes, milliseconds. */
const FETCH_MS = 6 * 60 * 60_000;

/**
 * Has a family that loads whole repositories fetch one into its volume, by the program that its image has for it,
 * while another container serves.
 * @throws BotllmError `MODEL_UNAVAILABLE`, with its last words
 */
export async function fetchRepository(wish: ComposeWish, ctx: BesideContext): Promise<void> {
  const { service, fetch } = planContainer(wish);
  const [mount] = service.mounts;
  if (fetch === undefined || mount === undefined || !('volume' in mount.from)) return;
  const { run, secrets, onCompose, onPhase } = ctx;
  const [program = '', ...words] = fetch;
  const env = {
    ...(secrets.hfToken === undefined ? {} : { HF_TOKEN: secrets.hfToken }),
    ...(wish.hfEndpoint === undefined ? {} : { HF_ENDPOINT: wish.hfEndpoint }),
  };
  const args = ['run', '--rm', '--init', '--name', besideName(wish.container), '--label', BESIDE_LABEL];
  args.push('--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--entrypoint', program);
  args.push('-v', `${volumePrefix(wish)}-${mount.from.volume}:${mount.to}`);
  // By its name alone: the value stays in the environment.
  args.push(...Object.keys(env).flatMap((name) => ['-e', name]));
  await withBeside(wish, ctx, async () => {
    onPhase('download');
    if (await hasNetwork(run, wish.network)) args.push('--network', wish.network);
    const all = [...args, service.image, ...words];
    const result = await run('docker', all, { timeoutMs: FETCH_MS, onLine: onCompose, env });
    if (result.exitCode === 0) return;
    const detail = result.all.trim().split('\n').at(-1)?.slice(0, 300);
    throw (
      startFault(result) ??
      new BotllmError('MODEL_UNAVAILABLE', SAY.fetchFailed, { detail, hint: SAY.fetchFailedHint })
    );
  });
}

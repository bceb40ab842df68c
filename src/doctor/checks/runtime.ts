import { inspectContainer } from '../../engines/compose/container.js';
import { type Check, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';
import type { Patient } from '../patient.js';

/** How the address is tried from inside, with whatever the bots' image has; each prints nothing but its outcome. */
const WAYS: readonly ((url: string) => readonly string[])[] = [
  (url) => ['curl', '-s', '-o', '/dev/null', '--max-time', '3', url],
  (url) => ['wget', '-q', '-O', '/dev/null', '-T', '3', url],
  (url) => ['python3', '-c', PYTHON, url],
  (url) => [
    'node',
    '-e',
    `fetch(${JSON.stringify(url)},{signal:AbortSignal.timeout(3000)}).then((r)=>r.body?.cancel())`,
  ],
];
const PYTHON = `import sys, urllib.request as r, urllib.error as e
try: r.urlopen(sys.argv[1], timeout=3)
except e.HTTPError: pass`;
/** What a program's absence looks like through `docker exec`. */
const NOT_THERE = [126, 127];

/** Whether the bots' own container reaches the engine by the address that it was given. */
export const runtime: Check = {
  id: 'runtime',
  boundMs: 30_000,
  look: async (patient) => {
    if ((await patient.docker()).state !== 'running') return skip(SAY.noDocker);
    const name = patient.settings.runtimeContainer ?? 'botfactory-runtime';
    const found = await inspectContainer(patient.run, name);
    if (found === undefined) return skip(SAY.noRuntime(name));
    if (found.status !== 'running') return warn(SAY.runtimeStopped(name), FIX.runtimeStopped(name));
    const base = found.env.LLM_BASE_URL ?? 'http://llm:11434';
    const url = `${base.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/models`;
    if (!URL.canParse(url)) return fail(SAY.runtimeUrl(name), FIX.runtimeUrl);
    const reached = await reach(patient, name, url);
    if (reached === undefined) return warn(SAY.runtimeNoWay(name), FIX.runtimeNoWay(name, url));
    if (reached) return ok(SAY.runtimeReaches(name, base));
    const network = patient.settings.llmNetwork ?? 'botfactory';
    const isIn = found.networks.includes(network);
    return fail(SAY.runtimeCut(name, base), isIn ? FIX.runtimeUrl : FIX.runtimeNetwork(network, name));
  },
};

/** By any of them that gets through: one may be a wrapper of somebody's. Undefined: there is nothing inside to try with. */
async function reach({ run }: Patient, name: string, url: string): Promise<boolean | undefined> {
  let tried = false;
  for (const way of WAYS) {
    const { exitCode, all } = await run('docker', ['exec', name, ...way(url)], { timeoutMs: 6_000 });
    if (exitCode !== undefined && NOT_THERE.includes(exitCode)) continue;
    if (exitCode === 0 || refusedByServer(exitCode, all)) return true;
    tried = true;
  }
  return tried ? false : undefined;
}

/** An engine that wants a key was reached all the same: wget's own code, and BusyBox's words. */
function refusedByServer(exitCode: number | undefined, said: string): boolean {
  return exitCode === 8 || /server returned error: HTTP/.test(said);
}

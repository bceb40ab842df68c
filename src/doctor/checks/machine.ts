import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { existingFolder, freeBytes } from '../../models/disk.js';
import { prettySize } from '../../size.js';
import { type Check, type Finding, fail, ok, skip, warn } from '../check.js';
import { FIX, SAY } from '../messages.js';

/** Of package.json's `engines`, which says what is tested. */
const NODE = { major: 20, minor: 19 };
/** Logs, the store and a prompt's cache want some room. */
const LEAST_FREE = 1024 ** 3;
const PRIVATE = 0o700;
const OTHERS_WRITE = 0o022;
/** Cached answers and rate limits are told apart by seconds. */
const SKEW_MS = 2_000;

export const node: Check = {
  id: 'node',
  look: () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const evidence = SAY.node(process.versions.node, process.platform, process.arch, availableParallelism());
    const isOld = major < NODE.major || (major === NODE.major && minor < NODE.minor);
    return isOld ? fail(evidence, FIX.node) : ok(evidence);
  },
};

export const settings: Check = {
  id: 'settings',
  look: ({ configuration: { problems, strays, notices, withheld, given } }) => {
    const [problem] = problems;
    if (problem) {
      const said = [problem.name, problem.message].filter((it, at, all) => it && !all[at + 1]?.includes(it));
      return fail(SAY.problems(problems.length, said.join(': ')), FIX.problems);
    }
    const odd = [...strays, ...notices, ...Object.values(withheld)];
    return odd.length > 0 ? warn(odd.join('; '), FIX.problems) : ok(SAY.settings(given.size));
  },
};

export const home: Check = {
  id: 'home',
  look: async ({ layout }) => {
    const found = await stat(layout.home).catch(() => undefined);
    if (found === undefined)
      return (await writable(await existingFolder(layout.home)))
        ? ok(SAY.homeNew(layout.home))
        : fail(SAY.homeClosed(layout.home), FIX.home);
    if (!(await writable(layout.home))) return fail(SAY.homeClosed(layout.home), FIX.home);
    const isOpen = process.platform !== 'win32' && (found.mode & OTHERS_WRITE) !== 0;
    if (!isOpen) return ok(layout.home);
    return warn(SAY.homeOpen(layout.home), FIX.homeOpen(layout.home), {
      what: SAY.homeMend(layout.home),
      apply: () => chmod(layout.home, PRIVATE),
    });
  },
};

export const disk: Check = {
  id: 'disk',
  look: async (patient) => {
    const free = await freeBytes(await existingFolder(patient.layout.home));
    const model = await patient.model();
    // What lies here already, or in a container's volume, is not fetched again.
    const missing =
      model && model.path === undefined && (await patient.engine()).state === 'stopped'
        ? (model.bytes ?? model.entry?.approxBytes ?? 0)
        : 0;
    const evidence = SAY.disk(prettySize(free), missing > 0 ? prettySize(missing) : undefined, model?.name);
    if (free < missing) return fail(evidence, FIX.disk);
    return free < missing + LEAST_FREE ? warn(evidence, FIX.disk) : ok(evidence);
  },
};

export const memory: Check = {
  id: 'memory',
  look: async (patient) => {
    const [model, engine] = await Promise.all([patient.model(), patient.engine()]);
    const machine = prettySize(model?.machineBytes ?? 0);
    if (model?.memory === undefined) return skip(SAY.memoryUnknown);
    const evidence = SAY.memory(model.name, prettySize(model.memory.total), machine);
    // It serves: whatever a rule of thumb says, it fits.
    if (engine.state === 'ready' || model.fits) return ok(evidence);
    return fail(evidence, FIX.memory);
  },
};

export const clock: Check = {
  id: 'clock',
  look: async (patient) => {
    const skew = (await patient.redis())?.skewMs;
    if (skew !== undefined) {
      const evidence = SAY.skew(Math.round(Math.abs(skew)));
      return Math.abs(skew) > SKEW_MS ? warn(evidence, FIX.clock) : ok(evidence);
    }
    const { exitCode, stdout } = await patient.run('timedatectl', [
      'show',
      '-p',
      'NTPSynchronized',
      '--value',
    ]);
    if (exitCode !== 0) return skip(SAY.clockUnknown);
    return stdout.trim() === 'yes' ? ok(SAY.clockSynchronised) : warn(SAY.clockFree, FIX.clock);
  },
};

export const proxy: Check = {
  id: 'proxy',
  look: async ({ env, engine }): Promise<Finding> => {
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
    const set = names.filter((name) => env[name]);
    if (set.length === 0) return ok(SAY.noProxy);
    const spared = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/);
    const { endpoint } = await engine();
    const host = new URL(endpoint ?? 'http://127.0.0.1').hostname;
    if (spared.includes('*') || spared.includes(host)) return ok(SAY.proxySpares(set.join(', '), host));
    return warn(SAY.proxied(set.join(', '), host), FIX.proxy(host));
  },
};

async function writable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

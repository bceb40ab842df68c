import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchdPlist } from '../../../src/engines/service/launchd-plist.js';
import { type ServicePlan, servicePlan } from '../../../src/engines/service/plan.js';
import { systemdUnit } from '../../../src/engines/service/systemd-unit.js';
import { homeLayout } from '../../../src/settings/home.js';
import { atHand } from '../../support/at-hand.js';

const HARD = 'sp ace %h $HOME $X "q" \'s\' back\\slash & <b> тест';
const MODEL = { name: 'm', path: `/models/${HARD}.gguf`, standIn: false, isKnown: false };

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'botllm-unit-'));
  program = path.join(folder, HARD, 'node');
  mkdirSync(path.dirname(program));
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const planOf = (env: Record<string, string> = {}, home = path.join(folder, HARD)): ServicePlan =>
  servicePlan(
    { gpu: 'none', context: 512, memoryBytes: 6_000_000_000, port: 11_500 },
    { engine: 'native', binary: `/opt/${HARD}/llama-server`, model: MODEL },
    { layout: homeLayout(home), env, program, entry: `/opt/${HARD}/botllm.js`, name: 'botllm.service' },
  );

describe('the plan of a service', () => {
  test('makes every choice now: engine, model, port, and where libraries and cards are found', () => {
    const { args, env } = planOf({ PATH: '/bin', CUDA_VISIBLE_DEVICES: '1', LLM_MODEL: 'other' });
    expect(args.slice(1)).toEqual([
      ...['up', '--foreground', '--engine', 'native', '--model', MODEL.path, '--gpu', 'none'],
      ...['--memory', '6000000000', '--context', '512', '--port', '11500'],
    ]);
    expect(env).toEqual({
      PATH: '/bin',
      CUDA_VISIBLE_DEVICES: '1',
      BOTLLM_HOME: path.join(folder, HARD),
      LLAMA_SERVER_BIN: `/opt/${HARD}/llama-server`,
      BOTLLM_SERVICE: 'botllm.service',
    });
  });

  test('takes no secret of the shell along, by whatever name', () => {
    const shell = {
      ...{ LLM_API_KEY: 'sk-1', HF_TOKEN: 'hf_1', REDIS_URL: 'redis://u:pw@h', GGML_TOKEN: 'ggml-1' },
      HTTPS_PROXY: 'http://u:pw@proxy',
    };
    const text = systemdUnit(planOf(shell), 252) + launchdPlist(planOf(shell), 'botllm', '/log');
    for (const secret of Object.values(shell)) expect(text).not.toContain(secret);
  });

  test('names no stand-in, so that the default takes its place once it is here', () => {
    const { args } = servicePlan(
      {},
      { engine: 'embedded', model: { ...MODEL, isKnown: true, standIn: true } },
      { layout: homeLayout('/h'), env: {}, program: '/n', entry: '/b', name: 'x' },
    );
    expect(args).toEqual(['/b', 'up', '--foreground', '--engine', 'embedded', '--port', '11434']);
  });

  test('refuses a path with a line break, which would be another line of the unit', () => {
    expect(() => planOf({}, '/home/a\nExecStartPre=/bin/evil')).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG' }),
    );
  });
});

describe.runIf(atHand('systemd-analyze', ['--version'], 'systemd'))('a systemd unit', () => {
  const verify = (unit: string) => {
    const file = path.join(folder, 'botllm.service');
    writeFileSync(file, unit);
    const run = spawnSync('systemd-analyze', ['verify', '--user', file], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: folder, HOME: folder },
    });
    // What is wrong with other units of this machine is not ours.
    return { code: run.status, said: run.stderr.split('\n').filter((line) => line.includes('botllm')) };
  };

  test('is found right by systemd itself, with every character that it gives a meaning to', () => {
    const plan = planOf({ PATH: '/bin:/%h/$x' });
    expect(verify(systemdUnit(plan, undefined))).toEqual({ code: 0, said: [] });
    const plain = { ...plan, program: path.join(folder, 'no de%h$HOME') };
    writeFileSync(plain.program, '#!/bin/sh\n', { mode: 0o755 });
    expect(verify(systemdUnit(plain, undefined))).toEqual({ code: 0, said: [] });
  });

  test('is one that systemd would complain of, were the program no path', () => {
    const spoilt = systemdUnit(planOf(), undefined).replace(/^ExecStart=/m, 'ExecStart=no/where ');
    expect(verify(spoilt).said).not.toEqual([]);
  });

  test('lets the pauses between restarts grow where systemd can, and bounds their number where not', () => {
    const growing = systemdUnit(planOf(), 254);
    expect(growing).toMatch(/^RestartSteps=\d+\nRestartMaxDelaySec=5min$/m);
    expect(growing).toMatch(/^StartLimitIntervalSec=0$/m);
    const constant = systemdUnit(planOf(), 252);
    expect(constant).not.toMatch(/RestartSteps|RestartMaxDelaySec/);
    expect(constant).toMatch(/^StartLimitBurst=\d+$/m);
  });
});

test('a property list of launchd says the same to a parser as the plan does', () => {
  const plan = planOf({ PATH: '/bin' });
  const script = 'import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  const read = JSON.parse(
    execFileSync('python3', ['-c', script], {
      input: launchdPlist(plan, 'botllm', `/logs/${HARD}`),
      encoding: 'utf8',
    }),
  );
  expect(read).toMatchObject({
    Label: 'botllm',
    ProgramArguments: [plan.program, ...plan.args],
    EnvironmentVariables: plan.env,
    WorkingDirectory: plan.home,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    StandardErrorPath: `/logs/${HARD}`,
  });
});

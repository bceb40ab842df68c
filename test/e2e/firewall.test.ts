import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BIN } from '../support/cli.js';
import { docker, hasDocker, llamaImage } from '../support/docker.js';
import { eventually } from '../support/eventually.js';
import { neighbour } from '../support/neighbour.js';
import { onDocker, tinyWeights } from '../support/on-docker.js';

const rules = (tool = 'iptables') => execFileSync(tool, ['-w', '5', '-S'], { encoding: 'utf8' });
const ours = (tool?: string) =>
  rules(tool)
    .split('\n')
    .filter((line) => line.includes('BOTLLM'));

describe.runIf(hasDocker)('the firewall, seen from another machine', () => {
  test('the guide’s rule of INPUT shuts nobody out; ours does, and lets the network in that it names', async () => {
    const { operator } = await onDocker({ LLM_API_KEY: 'a-key-of-this-test' });
    const { port } = operator;
    const wire = neighbour();
    const up = await operator.run(
      'up',
      '--engine',
      'compose',
      '--model',
      tinyWeights(),
      '--redis',
      'none',
      '--publish',
      '0.0.0.0',
    );
    expect([up.exitCode, up.stderr]).toEqual([0, expect.any(String)]);
    const seen = () => ({
      inside: wire.reaches(wire.inside, port),
      stranger: wire.reaches(wire.stranger, port),
    });
    const line = async (id: string) => {
      const found = await operator.run('doctor', '--json');
      const { checks } = found.json().data as { checks: { id: string; verdict: string; evidence: string }[] };
      return checks.find((one) => one.id === id);
    };
    expect(seen()).toEqual({ inside: true, stranger: true });
    const exposed = await line('exposure-engine');
    expect(exposed).toMatchObject({ verdict: 'warn', fix: expect.stringContaining('doctor --firewall') });
    expect(exposed?.evidence).toContain(`${wire.stranger.here}:${port}`);

    // Word for word the guide's two lines.
    const guide = [
      ['INPUT', '-p', 'tcp', '--dport', String(port), '-s', '10.0.0.0/8', '-j', 'ACCEPT'],
      ['INPUT', '-p', 'tcp', '--dport', String(port), '-j', 'DROP'],
    ];
    for (const rule of guide) execFileSync('iptables', ['-w', '5', '-A', ...rule]);
    try {
      expect(seen()).toEqual({ inside: true, stranger: true });
      expect(await line('firewall')).toMatchObject({
        verdict: 'warn',
        evidence: expect.stringContaining('no effect'),
      });
    } finally {
      for (const rule of guide) execFileSync('iptables', ['-w', '5', '-D', ...rule]);
    }

    onTestFinished(async () => void (await operator.run('doctor', '--firewall', '--undo')));
    const applied = await operator.run('doctor', '--firewall', '--apply', '--json');
    expect([applied.exitCode, applied.json().data]).toMatchObject([
      0,
      { ports: [port], allow: ['10.0.0.0/8'] },
    ]);
    expect(seen()).toEqual({ inside: true, stranger: false });
    expect((await operator.run('health')).stdout).toBe('ready');
    expect(await line('exposure-engine')).toMatchObject({ verdict: 'ok' });
    expect(await line('firewall')).toMatchObject({
      verdict: 'ok',
      evidence: expect.stringContaining('BOTLLM'),
    });

    const once = [ours(), ours('ip6tables')];
    expect((await operator.run('doctor', '--firewall', '--apply')).exitCode).toBe(0);
    expect([ours(), ours('ip6tables')]).toEqual(once);

    const other = await operator.run('doctor', '--firewall', '--apply', '--allow', '192.168.0.0/16');
    expect(other.exitCode).toBe(0);
    expect(seen()).toEqual({ inside: false, stranger: true });

    const undone = await operator.run('doctor', '--firewall', '--undo');
    expect([undone.exitCode, ours(), ours('ip6tables')]).toEqual([0, [], []]);
    expect(seen()).toEqual({ inside: true, stranger: true });
    expect((await operator.run('doctor', '--firewall', '--undo')).exitCode).toBe(0);
  });

  test('what is printed does the same in a shell, and IPv6 is shut as IPv4 is', async () => {
    const { run, operator } = await onDocker();
    const { port } = operator;
    const wire = neighbour();
    // As somebody starts it by hand, on every address.
    const weights = path.dirname(tinyWeights());
    const inside = ['-v', `${weights}:/weights:ro`, '-p', `[::]:${port}:8080`, llamaImage()];
    const args = ['-m', '/weights/tiny.gguf', '--host', '0.0.0.0', '--port', '8080', '-t', '1'];
    await docker('run', '-d', '--name', run.llm, ...inside, ...args);
    await eventually(async () => wire.reaches(wire.stranger6, port) || undefined);
    expect(wire.reaches(wire.stranger6, port)).toBe(true);
    const printed = await operator.run('doctor', '--firewall');
    expect(ours()).toEqual([]);
    expect(wire.reaches(wire.stranger6, port)).toBe(true);
    onTestFinished(async () => void (await operator.run('doctor', '--firewall', '--undo')));
    const shell = () =>
      execFileSync('sh', ['-e'], { input: printed.stdout, stdio: ['pipe', 'ignore', 'inherit'] });
    shell();
    shell();
    expect(wire.reaches(wire.stranger6, port)).toBe(false);
    expect(ours().filter((rule) => rule.startsWith('-A DOCKER-USER'))).toHaveLength(1);
    expect((await fetch(`http://[::1]:${port}/health`)).ok).toBe(true);
  });

  test('without root nothing is changed, and the next command is named', async () => {
    const { operator } = await onDocker();
    const id = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const { home, env } = operator;
    execFileSync('chmod', ['777', home]);
    const refused = (...args: string[]) => {
      try {
        execFileSync('setpriv', [...id, process.execPath, ...args], {
          env: { ...env },
          cwd: home,
          stdio: 'pipe',
        });
        return { status: 0, stderr: '' };
      } catch (error) {
        const { status, stderr } = error as { status: number; stderr: Buffer };
        return { status, stderr: stderr.toString() };
      }
    };
    expect(refused(BIN, 'doctor', '--firewall', '--apply')).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('sudo'),
    });
    expect(ours()).toEqual([]);
  });
});

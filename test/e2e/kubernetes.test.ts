import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type parse, parseAllDocuments } from 'yaml';
import { atHand } from '../support/at-hand.js';
import { ROOT } from '../support/cli.js';
import { pythonPackage } from '../support/python-packages.js';

const VALIDATOR = ['kubernetes-validate', '1.37.0'] as const;
const hasKubectl = atHand('kubectl', ['version', '--client'], 'kubernetes-client');

/** As YAML is read: the shapes of resources are what the validator checks. */
type Anything = ReturnType<typeof parse>;

interface Resource {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Anything;
}

describe.runIf(hasKubectl)('deploy/kubernetes', () => {
  let built = '';
  let all: Resource[] = [];
  const of = (kind: string) => all.filter((one) => one.kind === kind);
  const named = (kind: string, name: string) => of(kind).find((one) => one.metadata.name === name);

  beforeAll(async () => {
    ({ stdout: built } = await execa('kubectl', ['kustomize', 'deploy/kubernetes'], { cwd: ROOT }));
    all = parseAllDocuments(built).map((document) => document.toJS());
  });

  test('every resource is one of Kubernetes, with no field that it does not know', async () => {
    const folder = pythonPackage(...VALIDATOR);
    const validate = (resources: string) => {
      const file = path.join(mkdtempSync(path.join(tmpdir(), 'botllm-kubernetes-')), 'all.yml');
      onTestFinished(() => rmSync(path.dirname(file), { recursive: true, force: true }));
      writeFileSync(file, resources);
      return execa('python3', ['-m', 'kubernetes_validate', '--strict', file], {
        env: { PYTHONPATH: folder },
        reject: false,
        all: true,
      });
    };
    const good = await validate(built);
    expect([good.exitCode, good.all]).toEqual([0, expect.stringContaining('deployment/llm')]);
    expect(good.all.match(/ passed for resource /g)).toHaveLength(all.length);
    // So that "passed" means something.
    const bad = await validate(built.replace('terminationGracePeriodSeconds', 'terminationGracePeriod'));
    expect(bad.exitCode).not.toBe(0);
  }, 600_000);

  test('vLLM asks for its GPU, the gateway is probed, and nothing runs with rights that it does not need', () => {
    const [vllm] = named('Deployment', 'llm')?.spec.template.spec.containers ?? [];
    expect(vllm.resources.limits['nvidia.com/gpu']).toBe('1');
    expect(vllm.resources.requests['nvidia.com/gpu']).toBe('1');
    const [gateway] = named('Deployment', 'gateway')?.spec.template.spec.containers ?? [];
    expect(gateway.readinessProbe.httpGet).toEqual({ path: '/health', port: 'http' });
    expect(gateway.image).toMatch(/\/botllm-gateway:/);
    for (const { spec } of of('Deployment')) {
      // A Service called `redis` would set REDIS_PORT to an address, in every pod.
      expect(spec.template.spec.enableServiceLinks).toBe(false);
      for (const { securityContext, resources } of spec.template.spec.containers) {
        expect(securityContext.allowPrivilegeEscalation).toBe(false);
        expect(securityContext.capabilities.drop).toEqual(['ALL']);
        expect(resources.limits.memory).toBeDefined();
      }
    }
  });

  test('every Service and policy means pods that there are, by a port that they have', () => {
    const pods = of('Deployment').map(({ spec }) => spec.template);
    const meant = (selector: Record<string, string>) =>
      pods.filter(({ metadata }) =>
        Object.entries(selector).every(([label, value]) => metadata.labels[label] === value),
      );
    const ports = (pod: Anything) =>
      pod.spec.containers.flatMap((one: { ports: { name: string }[] }) => one.ports.map(({ name }) => name));
    for (const { spec } of of('Service')) {
      expect(meant(spec.selector)).toHaveLength(1);
      for (const port of spec.ports) expect(ports(meant(spec.selector)[0])).toContain(port.targetPort);
    }
    for (const { spec, metadata } of of('NetworkPolicy')) {
      const { matchLabels } = spec.podSelector;
      if (matchLabels) expect([metadata.name, meant(matchLabels).length]).toEqual([metadata.name, 1]);
      for (const rule of spec.ingress ?? []) {
        for (const { port } of rule.ports) expect(ports(meant(matchLabels)[0])).toContain(port);
      }
    }
    const [deny] = of('NetworkPolicy').filter(({ metadata }) => metadata.name === 'deny-all');
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  test('the gateway’s settings are ones that botllm reads', async () => {
    const { SETTING_ROWS } = await import('../../src/settings/table.js');
    const known = new Set(SETTING_ROWS.map(([, row]) => row.name));
    const [gateway] = named('Deployment', 'gateway')?.spec.template.spec.containers ?? [];
    const config = all.find(({ kind }) => kind === 'ConfigMap') as unknown as {
      data: Record<string, string>;
    };
    const names = [...gateway.env.map((one: { name: string }) => one.name), ...Object.keys(config.data)];
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/cli.js';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const dashboard = JSON.parse(read('deploy/grafana/dashboards/botllm.json'));

/**
 * Grafana publishes the schema of its dashboards as types (Apache-2.0). The compiler holds the dashboard against
 * them: unknown fields, missing ones and values that are none of a choice are errors. Enums are read as their values.
 */
const HEAD = `
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
type Plain<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> }
  : T;
`;

/** What the compiler has against a dashboard. */
async function faultsOf(given: typeof dashboard): Promise<string[]> {
  // Within the checkout, where the types are found.
  const folder = mkdtempSync(path.join(ROOT, 'node_modules', '.botllm-dashboard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines = [HEAD];
  const declare = (type: string, value: unknown) =>
    lines.push(`export const v${lines.length}: ${type} = ${JSON.stringify(value)};`);
  // To the dashboard a query is anything; it is held against Prometheus' own type.
  const panels = given.panels.map((panel: object) =>
    'targets' in panel ? { ...panel, targets: [] } : panel,
  );
  declare('Plain<Dashboard>', { ...given, panels });
  for (const { type, options, targets = [], fieldConfig } of given.panels) {
    if (type === 'row') continue;
    declare(`Plain<${type}.Options>`, options);
    for (const target of targets) declare('Partial<Plain<prometheus.Dataquery>>', target);
    if (type === 'timeseries') declare('Partial<Plain<timeseries.FieldConfig>>', fieldConfig.defaults.custom);
  }
  const file = path.join(folder, 'dashboard.ts');
  writeFileSync(file, lines.join('\n'));
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--ignoreConfig',
  ];
  const { all, exitCode } = await execa('npx', ['tsc', ...flags, file], {
    cwd: ROOT,
    reject: false,
    all: true,
  });
  const faults = all.match(/error TS\d+: .*/g) ?? [];
  expect(faults.length > 0).toBe(exitCode !== 0);
  return faults;
}

test('the dashboard is one by Grafana’s published schema', async () => {
  expect(await faultsOf(dashboard)).toEqual([]);
  // So that no fault means something.
  const [row, first, ...rest] = dashboard.panels;
  const odd = { ...first, options: { ...first.options, graphMode: 'no such mode' } };
  expect(await faultsOf({ ...dashboard, panels: [row, odd, ...rest], titel: 'x' })).toHaveLength(2);
});

test('no panel lies on another, and every one has a title, a unit and its own id', () => {
  const panels: {
    id: number;
    title: string;
    type: string;
    description?: string;
    gridPos: Record<'x' | 'y' | 'w' | 'h', number>;
  }[] = dashboard.panels;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Map<string, string>();
  for (const { title, type, description, gridPos } of panels) {
    expect(title).not.toBe('');
    if (type !== 'row') expect(description).toBeTruthy();
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.get(`${x} ${y}`)]).toEqual([title, undefined]);
        taken.set(`${x} ${y}`, title);
        expect(x).toBeLessThan(24);
      }
    }
  }
});

test('Grafana finds data source and dashboards where the compose file puts them', () => {
  const compose = parse(read('docker-compose.llm.yml'), { merge: true }).services;
  const [source] = parse(read('deploy/grafana/provisioning/datasources/botllm.yml')).datasources;
  expect(source.url).toBe('http://prometheus:9090');
  expect(compose.prometheus.ports[0]).toMatch(/:9090"?$/);
  const [provider] = parse(read('deploy/grafana/provisioning/dashboards/botllm.yml')).providers;
  expect(compose.grafana.volumes).toContain(`./deploy/grafana/dashboards:${provider.options.path}:ro`);
  const [clients, engine] = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs;
  expect(engine.static_configs[0].targets).toEqual(['llm:11434']);
  expect(clients.dns_sd_configs[0]).toMatchObject({ names: ['gateway'], port: 11435 });
  // The file that the container's entry writes.
  expect(compose.prometheus.entrypoint.join('\n')).toContain(engine.authorization.credentials_file);
  expect(source.jsonData.timeInterval).toBe(
    parse(read('deploy/prometheus/prometheus.yml')).global.scrape_interval,
  );
});

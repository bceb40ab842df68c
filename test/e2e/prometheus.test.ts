import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { atHand } from '../support/at-hand.js';
import { ROOT } from '../support/cli.js';
import { eventually } from '../support/eventually.js';
import { type Prometheus, startPrometheus } from '../support/prometheus.js';
import { startWatchedWorld, type WatchedWorld } from '../support/watched-world.js';

const hasPrometheus = atHand('promtool', ['--version'], 'prometheus');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const ALERTS = path.join(ROOT, 'deploy/prometheus/alerts.yml');

interface Panel {
  title: string;
  targets?: { refId: string; expr: string }[];
}
const dashboard = JSON.parse(read('deploy/grafana/dashboards/botllm.json')) as { panels: Panel[] };
/** Every expression, the way Grafana would send it. */
const DRAWN = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ refId, expr }): [string, string] => [
    `${title} ${refId}`,
    expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m'),
  ]),
);
const RULES = (
  parse(read(ALERTS.slice(ROOT.length + 1))) as { groups: { rules: { alert: string; expr: string }[] }[] }
).groups.flatMap(({ rules }) => rules.map(({ alert, expr }): [string, string] => [alert, expr]));

describe.runIf(hasPrometheus)('what Prometheus is given', () => {
  const promtool = (...args: string[]) => execa('promtool', args, { cwd: ROOT, reject: false, all: true });

  test('promtool finds nothing wrong with configuration and alerts', async () => {
    const config = await promtool('check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml');
    expect([config.exitCode, config.all]).toEqual([0, expect.stringContaining('SUCCESS')]);
    const rules = await promtool('check', 'rules', '--lint=all', '--lint-fatal', ALERTS);
    expect([rules.exitCode, rules.all]).toEqual([0, expect.stringContaining(`${RULES.length} rules found`)]);
  });

  test('each alert fires for what it is meant for, and is quiet otherwise', async () => {
    const run = await promtool('test', 'rules', 'test/observability/fixtures/alerts.test.yml');
    expect([run.exitCode, run.all]).toEqual([0, expect.stringContaining('SUCCESS')]);
    const tested = read('test/observability/fixtures/alerts.test.yml');
    for (const [alert] of RULES) expect(tested.split(alert).length).toBeGreaterThan(2);
  });
});

describe.runIf(hasPrometheus)('a Prometheus that scraped the gateway and an engine of each family', () => {
  let world: WatchedWorld;
  let prometheus: Prometheus;

  beforeAll(async () => {
    world = await startWatchedWorld();
    prometheus = await startPrometheus(configFor(world));
    const scrapes = async (atLeast: number) => {
      const seen = await prometheus.query('count_over_time(up[5m])');
      return (seen.length === 4 && seen.every(({ value }) => value >= atLeast)) || undefined;
    };
    for (const atLeast of [1, 3, 5]) {
      await world.live();
      await eventually(() => scrapes(atLeast));
    }
  });
  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  test('every target is up, under the jobs that the alerts know', async () => {
    // A busy machine may be late for one look in a second, and not for all of them.
    const up = await prometheus.query('max_over_time(up[5m])');
    expect(up.map(({ metric, value }) => [metric.job, value]).sort()).toEqual([
      ['botllm', 1],
      ['botllm-engine', 1],
      ['botllm-engine', 1],
      ['botllm-engine', 1],
    ]);
  });

  test.each(DRAWN)('the dashboard draws numbers: %s', async (_, expression) => {
    const series = await prometheus.query(expression);
    expect(series.length).toBeGreaterThan(0);
    expect(series.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  });

  test('its list of processes is the gateway', async () => {
    const series = await prometheus.query('group by (instance) (llm_requests_total)');
    expect(series.map(({ metric }) => metric.instance)).toEqual([world.gateway]);
  });

  test('every alert’s expression runs, and all are healthy', async () => {
    for (const [, expression] of RULES) await prometheus.query(expression);
    const rules = await eventually(async () => {
      const { groups } = (await prometheus.get('/api/v1/rules')) as {
        groups: { rules: { name: string; health: string }[] }[];
      };
      const all = groups.flatMap((group) => group.rules);
      return all.some(({ health }) => health === 'unknown') ? undefined : all;
    });
    expect(rules.map(({ name, health }) => [name, health])).toEqual(RULES.map(([alert]) => [alert, 'ok']));
  });
});

/** Ours, with other targets and in a hurry. */
function configFor({ gateway, engines }: WatchedWorld): object {
  const ours = parse(read('deploy/prometheus/prometheus.yml'));
  const [clients, engine] = ours.scrape_configs;
  const family = (name: string) => ({
    targets: [engines],
    labels: { family: name, __metrics_path__: `/${name}` },
  });
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [ALERTS],
    scrape_configs: [
      { job_name: clients.job_name, static_configs: [{ targets: [gateway] }] },
      { job_name: engine.job_name, static_configs: ['llamacpp', 'vllm', 'tgi'].map(family) },
    ],
  };
}

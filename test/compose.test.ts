import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.object({
  image: z.string(),
  container_name: z.string(),
  ports: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()), start_period: z.string() }),
  logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  security_opt: z.array(z.string()),
  cap_drop: z.array(z.string()),
  read_only: z.boolean(),
  mem_limit: z.string(),
  restart: z.string(),
  runtime: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  environment: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
});
const Compose = z.looseObject({
  services: z.object({
    llm: Service,
    redis: Service,
    gateway: Service,
    prometheus: Service,
    grafana: Service,
  }),
  networks: z.object({ botfactory: z.object({ name: z.string() }) }),
});
const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8');
const text = read('docker-compose.llm.yml');
const compose = Compose.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);

describe('docker-compose.llm.yml', () => {
  test('has the containers and the network that the guide names', () => {
    const names = services.map(([name, { container_name }]) => [name, unset(container_name)]);
    expect(names).toEqual([
      ['llm', 'botfactory-llm'],
      ['redis', 'botfactory-redis'],
      ['gateway', 'botfactory-gateway'],
      ['prometheus', 'botfactory-prometheus'],
      ['grafana', 'botfactory-grafana'],
    ]);
    expect(unset(compose.networks.botfactory.name)).toBe('botfactory');
  });

  test.each(services)('%s is published on loopback only, unless somebody asks for more', (_, { ports }) => {
    for (const port of ports) expect(unset(port)).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });

  test.each(services)('%s has a health check, bounded memory and logs, and no rights', (_, service) => {
    expect(service.healthcheck.test[0]).toBe('CMD');
    expect(service.logging).toEqual({
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': '3' },
    });
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.read_only).toBe(true);
  });

  test('the engine is published and checked on one port', () => {
    const { llm } = compose.services;
    expect(unset(llm.ports[0] ?? '')).toBe('127.0.0.1:11434:11434');
    expect(llm.healthcheck.test.at(-1)).toBe('http://127.0.0.1:11434/health');
  });

  test('the guide’s variables are set as the guide writes them: a list, with its model in it', () => {
    const variables = compose.services.llm.environment?.map(unset);
    expect(variables).toContain('MODEL_ID=microsoft/Phi-3-mini-4k-instruct');
    expect(variables).toEqual(expect.arrayContaining(['QUANTIZE=', 'MAX_BATCH_TOTAL_TOKENS=']));
  });

  test('every variable has a default, so that nothing is asked for and nothing is warned of', () => {
    const used = text.matchAll(/(?<!\$)\$(?:\{(\w+)(:-)?[^}]*\}|(\w+))/g);
    for (const [all, name, standIn] of used) expect([all, name, standIn]).toEqual([all, name, ':-']);
  });

  test('every variable is a setting, or README says what it is for', async () => {
    const { SETTING_ROWS } = await import('../src/settings/table.js');
    const settings = new Set(SETTING_ROWS.map(([, { name }]) => name));
    const used = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name));
    const others = [...used].filter((name) => !settings.has(name));
    expect(others).toContain('GATEWAY_ENGINE_URL');
    for (const readme of ['README.md', 'README.ru.md']) {
      const words = read(readme);
      expect([readme, others.filter((name) => !words.includes(`\`${name}\``))]).toEqual([readme, []]);
    }
  });

  test('every image is pinned and can be overridden', () => {
    for (const [, { image }] of services) expect(image).toMatch(/^\$\{\w+_IMAGE:-[^:}]+:(?!latest)[^}]+\}$/);
  });

  test('it starts without a GPU: only the overlay asks for one', () => {
    expect(text).not.toMatch(/^\s*devices:/m);
    expect(unset(compose.services.llm.runtime ?? '')).toBe('runc');
    const overlay = parse(read('deploy/docker-compose.gpu.yml')).services.llm;
    expect(unset(overlay.image)).toMatch(/:server-cuda-b\d+$/);
    expect(overlay.deploy.resources.reservations.devices[0]).toMatchObject({ driver: 'nvidia' });
  });

  test('Redis is bounded and never evicts, and is started only when asked for', () => {
    const { redis } = compose.services;
    expect(redis.command?.join(' ')).toMatch(/--maxmemory \d+mb --maxmemory-policy noeviction/);
    expect(redis.profiles).toEqual(['redis']);
  });

  test('Prometheus and Grafana are started only when asked for, and read what lies in deploy', () => {
    const { prometheus, grafana } = compose.services;
    expect([prometheus.profiles, grafana.profiles]).toEqual([['prometheus'], ['grafana']]);
    const folders = [...(prometheus.volumes ?? []), ...(grafana.volumes ?? [])].filter(
      (one) => one[0] === '.',
    );
    for (const folder of folders) {
      const [from = '', , mode] = folder.split(':');
      expect([existsSync(path.resolve(import.meta.dirname, '..', from)), mode]).toEqual([true, 'ro']);
    }
    expect(folders).toHaveLength(3);
  });

  test('the gateway is this version’s, is started only when asked for, and gives up on a wrong setting', () => {
    const { gateway } = compose.services;
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(unset(gateway.image)).toBe(`botllm-gateway:${version}`);
    expect(gateway.profiles).toEqual(['gateway']);
    expect(gateway.restart).toMatch(/^on-failure:\d$/);
    expect(gateway.environment?.map(unset)).toContain('LLM_BASE_URL=http://llm:11434');
  });

  test('uses nothing that docker-compose 1.29 refuses', () => {
    expect(Object.keys(compose)).not.toContain('name');
    expect(text).not.toMatch(/^\s*(gpus|start_interval):/m);
  });
});

/** What Compose makes of a text where no variable is set. */
function unset(value: string): string {
  return value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.object({
  image: z.string(),
  container_name: z.string(),
  ports: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }),
  logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  security_opt: z.array(z.string()),
  mem_limit: z.string(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  command: z.array(z.string()).optional(),
});
const Compose = z.looseObject({ services: z.object({ llm: Service, redis: Service }) });
const text = readFileSync(path.resolve(import.meta.dirname, '../docker-compose.llm.yml'), 'utf8');
const compose = Compose.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);

describe('docker-compose.llm.yml', () => {
  test('has the containers that the guide names', () => {
    expect(services.map(([name, { container_name }]) => [name, container_name])).toEqual([
      ['llm', 'botfactory-llm'],
      ['redis', 'botfactory-redis'],
    ]);
  });

  test.each(services)('%s is published on loopback only', (_, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(services)(
    '%s has a health check, a memory bound, rotated logs, and gains no privileges',
    (_, service) => {
      expect(service.healthcheck.test[0]).toBe('CMD');
      expect(service.logging).toEqual({
        driver: 'json-file',
        options: { 'max-size': '10m', 'max-file': '3' },
      });
      expect(service.security_opt).toContain('no-new-privileges:true');
    },
  );

  test('the engine listens, is published and is checked on one port', () => {
    const { llm } = compose.services;
    expect(llm.environment?.LLAMA_ARG_PORT).toBe('11434');
    expect(llm.ports).toEqual(['127.0.0.1:11434:11434']);
    expect(llm.healthcheck.test.at(-1)).toBe('http://127.0.0.1:11434/health');
  });

  test('every image is pinned and can be overridden', () => {
    for (const [, { image }] of services) expect(image).toMatch(/^\$\{\w+_IMAGE:-[^:}]+:(?!latest)[^}]+\}$/);
  });

  test('Redis is bounded and never evicts, and is started only when asked for', () => {
    const { redis } = compose.services;
    expect(redis.command?.join(' ')).toMatch(/--maxmemory \d+mb --maxmemory-policy noeviction/);
    expect(redis.profiles).toEqual(['redis']);
  });

  test('uses nothing that docker-compose 1.29 refuses', () => {
    expect(Object.keys(compose)).not.toContain('name');
    expect(text).not.toMatch(/^\s*(gpus|start_interval):/m);
  });
});

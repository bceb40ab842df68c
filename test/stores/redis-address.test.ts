import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../../src/settings/table.js';
import { parseRedisUrl } from '../../src/stores/redis/address.js';

describe('the address of a Redis', () => {
  test.each([
    ['redis://localhost', [['localhost', 6379]], 0, 'localhost:6379/0'],
    ['redis://10.0.0.7:7000/3', [['10.0.0.7', 7000]], 3, '10.0.0.7:7000/3'],
    ['redis://[::1]:6380/', [['::1', 6380]], 0, '[::1]:6380/0'],
    [
      'REDIS://a:1,b:2,[fe80::1]',
      [
        ['a', 1],
        ['b', 2],
        ['fe80::1', 6379],
      ],
      0,
      'a:1,b:2,[fe80::1]:6379/0',
    ],
  ])('%s is read', (url, nodes, db, location) => {
    const address = parseRedisUrl(url);
    expect(address.nodes.map(({ host, port }) => [host, port])).toEqual(nodes);
    expect(address).toMatchObject({ db, location, tls: false, username: undefined, password: undefined });
    expect(SETTINGS.redisUrl.kind.parse(url)).toBe(url);
  });

  test.each([
    ['rediss://bot:p%40ss%2Fw%3A@cache:6379/1', 'bot', 'p@ss/w:'],
    ['rediss://:secret@cache', undefined, 'secret'],
    ['rediss://bot@cache', 'bot', undefined],
    ['rediss://bot:a:b@cache', 'bot', 'a:b'],
  ])('the login of %s is read, and does not stand in the location', (url, username, password) => {
    const address = parseRedisUrl(url);
    expect(address).toMatchObject({ username, password, tls: true });
    expect(address.location).toMatch(/^cache:6379\/\d$/);
  });

  test.each([
    '',
    'redis://',
    'redis:///0',
    'redis://:6379',
    'http://localhost:6379',
    'localhost:6379',
    'redis://localhost:0',
    'redis://localhost:65536',
    'redis://localhost/abc',
    'redis://localhost/1/2',
    'redis://localhost?db=1',
    'redis://localhost#1',
    'redis://a,,b',
    'redis://a b',
    'redis://a:1,b:2/1',
    'redis://user:secret%zz@host',
    'redis://user:sec/ret@host',
    `redis://${'a'.repeat(100_000)}:x`,
  ])('%.40s is refused, and no secret repeated', (url) => {
    let refusal: unknown;
    try {
      parseRedisUrl(url);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining('REDIS_URL') });
    expect(JSON.stringify(refusal)).not.toContain('secret');
  });

  test('none means none, however it is written', () => {
    for (const text of ['none', 'NONE']) expect(SETTINGS.redisUrl.kind.parse(text)).toBe('none');
    for (const text of ['no', 'http://x', 'redis://', 'memory'])
      expect(SETTINGS.redisUrl.kind.parse(text), text).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { checkHostAndOrigin } from '../../src/openai-http/host-check.js';
import type { WireError } from '../../src/openai-http/wire-error.js';

const status = (host: string | undefined, origin?: string, extra?: string[]) => {
  try {
    checkHostAndOrigin(host, origin, extra);
    return 200;
  } catch (error) {
    return (error as WireError).status;
  }
};

describe('Host and Origin', () => {
  it.each(['localhost', 'LOCALHOST:11434', '127.0.0.1:80', '[::1]:11434', '[::1]', 'llm', 'llm:11434'])(
    'lets %s through',
    (host) => expect(status(host)).toBe(200),
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'llm.evil',
    '::1',
    'a b',
    '127.0.0.1:x',
    '192.168.0.1',
  ])('refuses the host %s', (host) => expect(status(host)).toBe(403));

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:8080'])(
    'lets the origin %s through',
    (origin) => expect(status('localhost', origin)).toBe(200),
  );

  it.each([
    'http://evil.example',
    'null',
    'file://',
    'http://localhost.evil.example',
    'http://llm',
    'nonsense',
  ])('refuses the origin %s', (origin) => expect(status('localhost', origin)).toBe(403));

  it('answers for a name that it was told', () => {
    expect(status('10.1.2.3:11434', undefined, ['10.1.2.3'])).toBe(200);
  });
});

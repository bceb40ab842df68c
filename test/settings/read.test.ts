import { describe, expect, test } from 'vitest';
import { isBotllmError } from '../../src/errors.js';
import { parseDuration } from '../../src/settings/duration.js';
import { readSettings, settingsFromEnv } from '../../src/settings/read.js';
import { envValues } from '../../src/settings/resolve.js';
import { SETTINGS } from '../../src/settings/table.js';

const refusal = (env: Record<string, string>) => {
  try {
    readSettings(env);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('settings from an environment', () => {
  test('take the guide’s lines as they stand', () => {
    const settings = settingsFromEnv({
      LLM_ENABLED: 'true',
      LLM_BASE_URL: 'http://llm:11434',
      LLM_MODEL: 'microsoft/Phi-3-mini-4k-instruct',
      LLM_TIMEOUT: '30',
      LLM_MAX_RETRIES: '3',
      LLM_RATE_LIMIT: '10',
      LLM_CACHE_TTL: '900',
    });
    expect(settings).toEqual({
      enabled: true,
      baseUrl: 'http://llm:11434',
      model: 'microsoft/Phi-3-mini-4k-instruct',
      timeoutMs: 30_000,
      maxRetries: 3,
      rateLimit: 10,
      cacheTtlMs: 900_000,
    });
  });

  test('leave the model off for a runtime that does not switch it on, and leave it open for the CLI', () => {
    expect(settingsFromEnv({}).enabled).toBe(false);
    expect(readSettings({}).enabled).toBeUndefined();
    expect(readSettings({ LLM_ENABLED: 'false' }).enabled).toBe(false);
  });

  test('are not what Kubernetes says of a service that is called like one of ours', () => {
    const said = { REDIS_PORT: 'tcp://10.0.0.7:6379', GATEWAY_PORT: 'tcp://10.0.0.8:11435', LLM_MODEL: 'm' };
    expect(readSettings(said)).toEqual({ model: 'm' });
    expect([...envValues(said).keys()]).toEqual(['model']);
    expect(refusal({ REDIS_PORT: '10.0.0.7:6379' })).toBeDefined();
  });

  test('count an empty variable as unset', () => {
    expect(readSettings({ LLM_TIMEOUT: '', LLM_MODEL: '  ' })).toEqual({});
  });

  test.each(
    Object.values(SETTINGS)
      .filter((row) => row.kind.parse('\u0000nonsense -1') === undefined)
      .map((row) => row.name),
  )('refuse nonsense in %s, naming variable, value and range', (name) => {
    const error = refusal({ [name]: '\u0000nonsense -1' });
    expect(isBotllmError(error, 'BAD_CONFIG')).toBe(true);
    const row = Object.values(SETTINGS).find((candidate) => candidate.name === name);
    expect(String(error)).toContain(name);
    expect(String(error)).toContain(row?.kind.range);
    // A secret is never shown, not even a wrong one.
    expect(String(error).includes('nonsense')).toBe(row?.secret === undefined);
  });

  test('refuse a key of the gateway that nobody could be asked for, and take several', () => {
    const error = refusal({ BOTLLM_API_KEYS: 'a-long-key,key2' });
    expect(isBotllmError(error, 'BAD_CONFIG')).toBe(true);
    expect(String(error)).toContain('at least 8 visible ASCII characters');
    expect(String(error)).not.toContain('key2');
    const several = 'key-number-1,key-number-2';
    expect(readSettings({ BOTLLM_API_KEYS: several })).toEqual({ gatewayKeys: several });
  });

  test('refuse a number outside its range instead of bending it', () => {
    for (const [name, value] of [
      ['LLM_MAX_RETRIES', '11'],
      ['LLM_TIMEOUT', '0'],
      ['LLM_RATE_LIMIT', '-1'],
      ['LLM_MAX_CONCURRENCY', '0'],
    ] as const) {
      expect(isBotllmError(refusal({ [name]: value }), 'BAD_CONFIG'), `${name}=${value}`).toBe(true);
    }
  });
});

describe('a duration', () => {
  test.each([
    ['30', 30_000],
    ['30s', 30_000],
    ['2m', 120_000],
    ['250ms', 250],
    ['1.5s', 1_500],
    ['1h', 3_600_000],
    ['', null],
    ['-1', null],
    ['soon', null],
    ['1e3', null],
  ])('%j is %j ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

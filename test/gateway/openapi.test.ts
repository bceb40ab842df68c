import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createLlmClient } from '../../src/client/client.js';
import { openApiDocument } from '../../src/gateway/openapi.js';
import { createRoutes } from '../../src/gateway/routes.js';
import { gatewayBench, HI } from './setup.js';

const paths = openApiDocument().paths as Record<string, Record<string, unknown>>;

describe('the OpenAPI document', () => {
  it('is one, says a validator', async () => {
    const { ask } = await gatewayBench();
    const { status, json } = await ask('/openapi.json');
    expect(status).toBe(200);
    const validator = new Validator();
    expect(await validator.validate(json())).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('names every path and method that the gateway answers, and no other', () => {
    const { places } = createRoutes({
      llm: createLlmClient({ store: 'memory' }),
      now: () => 0,
      onUnexpected: () => {},
      isStopping: () => false,
    });
    const answered = Object.entries(places).map(([path, methods]) => [path, Object.keys(methods).join()]);
    const told = Object.entries(paths).map(([path, methods]) => [
      path,
      Object.keys(methods).join().toUpperCase(),
    ]);
    expect(told.sort()).toEqual(answered.sort());
  });

  it('says of which fields a chat may consist, and names none that is refused', async () => {
    const { ask } = await gatewayBench();
    const { components } = (await ask('/openapi.json')).json() as unknown as {
      components: { schemas: Record<string, { properties: object; required: string[] }> };
    };
    const chat = components.schemas.ChatCompletionRequest;
    expect(chat?.required).toEqual(['messages']);
    expect(Object.keys(chat?.properties ?? {})).toContain('response_format');
    expect(Object.keys(chat?.properties ?? {})).not.toContain('tools');
  });

  it.each([
    ['GET', '/health', undefined],
    ['GET', '/ready', undefined],
    ['GET', '/v1/models', undefined],
    ['POST', '/v1/chat/completions', HI],
    ['POST', '/v1/completions', { prompt: 'x' }],
    ['POST', '/v1/bot/intent', { message: 'help', availableIntents: ['help'] }],
    ['POST', '/v1/bot/validate', { userInput: 'x', expectation: 'a date as YYYY-MM-DD' }],
    ['POST', '/v1/bot/menu', { topic: 'salon' }],
    ['POST', '/v1/bot/improve', { text: 'hi' }],
  ])('describes the replies of %s %s as they are', async (method, path, body) => {
    const { ask } = await gatewayBench();
    const document = openApiDocument();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'doc');
    const pointer = (status: string) =>
      `doc#/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
    const { status, json } = await ask(path, body);
    expect(status).toBe(200);
    expect(ajv.validate(pointer('200'), json()), ajv.errorsText()).toBe(true);
    const refusal = await ask(path, method === 'GET' ? {} : { nonsense: true });
    expect(refusal.status).toBeGreaterThanOrEqual(400);
    expect(ajv.validate('doc#/components/schemas/Error', refusal.json()), ajv.errorsText()).toBe(true);
  });
});

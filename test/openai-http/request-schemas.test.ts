import { describe, expect, it } from 'vitest';
import {
  ChatCompletionRequest,
  CompletionRequest,
  parseRequest,
} from '../../src/openai-http/request-schemas.js';
import { WireError } from '../../src/openai-http/wire-error.js';

const user = { role: 'user', content: 'hi' };
const refused = (body: unknown) => {
  try {
    parseRequest(ChatCompletionRequest, body);
  } catch (error) {
    return (error as WireError).body().error;
  }
  return null;
};

describe('a chat request', () => {
  it('drops fields that it does not know', () => {
    const request = parseRequest(ChatCompletionRequest, {
      messages: [user],
      tools: [],
      frequency_penalty: 1,
      user: 'u',
    });
    expect(request).toEqual({ messages: [user] });
  });

  it('takes text parts and the newer name of the system role', () => {
    const request = parseRequest(ChatCompletionRequest, {
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        user,
      ],
    });
    expect(request.messages[0]).toEqual({ role: 'system', content: 'ab' });
  });

  it('takes null for what is not set, as clients send it', () => {
    const body = {
      messages: [user],
      max_tokens: null,
      stop: null,
      seed: null,
      response_format: null,
      stream: null,
    };
    expect(refused(body)).toBeNull();
  });

  it.each([
    ['no messages', {}, 'messages'],
    ['empty messages', { messages: [] }, 'messages'],
    ['a role that is none', { messages: [{ role: 'bot', content: 'x' }] }, 'messages.0.role'],
    ['content that is no text', { messages: [{ role: 'user', content: 5 }] }, 'messages.0.content'],
    ['an image', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages.0.content'],
    ['two choices', { messages: [user], n: 2 }, 'n'],
    ['five stop strings', { messages: [user], stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    ['an empty stop string', { messages: [user], stop: '' }, 'stop'],
    ['no tokens', { messages: [user], max_tokens: 0 }, 'max_tokens'],
    ['half a token', { messages: [user], max_tokens: 1.5 }, 'max_tokens'],
    ['a temperature of 3', { messages: [user], temperature: 3 }, 'temperature'],
    ['21 alternatives', { messages: [user], logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [
      'a schema without a schema',
      { messages: [user], response_format: { type: 'json_schema' } },
      'response_format.json_schema',
    ],
    ['an unknown format', { messages: [user], response_format: { type: 'xml' } }, 'response_format.type'],
    ['a number as body', 5, undefined],
    ['null as body', null, undefined],
    ['a list as body', [], undefined],
  ])('with %s is refused with 400 that names the field', (_name, body, param) => {
    expect(refused(body)).toMatchObject({
      code: 400,
      type: 'invalid_request_error',
      ...(param ? { param } : {}),
    });
  });
});

describe('a raw completion', () => {
  it('needs a prompt', () => {
    expect(parseRequest(CompletionRequest, { prompt: 'Once', max_tokens: 5 })).toEqual({
      prompt: 'Once',
      max_tokens: 5,
    });
    expect(() => parseRequest(CompletionRequest, { prompt: '' })).toThrow(WireError);
    expect(() => parseRequest(CompletionRequest, {})).toThrow(WireError);
  });
});

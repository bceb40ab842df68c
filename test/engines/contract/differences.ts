import { request } from 'node:http';
import { CHAT } from '../../support/engine-asker.js';
import type { Contender } from './contenders.js';

/** Something that the two engines are allowed to do differently. */
export interface Difference {
  what: string;
  /** Why ours does not do as llama-server does. */
  reason: string;
  /** What an engine does there, in a form that can be compared. */
  look: (engine: Contender) => Promise<unknown>;
  embedded: unknown;
  oracle: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is looked at
type Json = any;

const hello = [{ role: 'user', content: 'Hello' }];

async function statusOf(engine: Contender, body: Record<string, unknown>, path = CHAT): Promise<number> {
  return (await engine.post(path, { max_tokens: 2, temperature: 0, ...body })).status;
}

async function chat(engine: Contender, body: Record<string, unknown>): Promise<Json> {
  return (await engine.post(CHAT, { max_tokens: 2, temperature: 0, messages: hello, ...body })).json();
}

const logprobs = async (engine: Contender, content: string, maxTokens: number): Promise<Json[]> => {
  const body = {
    messages: [{ role: 'user', content }],
    max_tokens: maxTokens,
    logprobs: true,
    top_logprobs: 1,
  };
  return (await chat(engine, body)).choices[0].logprobs.content;
};

/** What the two may do differently. The suite fails when one of these is no longer so. */
export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'a body that is no JSON',
    reason: 'it is the client’s mistake, so 400; a 500 would count against the engine and be retried',
    look: async (engine) => (await engine.post(CHAT, undefined, { body: '{"messages":' })).status,
    embedded: 400,
    oracle: 500,
  },
  {
    what: 'a message without a role',
    reason: 'as above: a mistake of the client’s',
    look: (engine) => statusOf(engine, { messages: [{ content: 'hi' }] }),
    embedded: 400,
    oracle: 500,
  },
  {
    what: 'a JSON schema that is a number',
    reason: 'llama-server drops it and answers without a schema, which a caller who wants data cannot see',
    look: (engine) =>
      statusOf(engine, {
        messages: hello,
        response_format: { type: 'json_schema', json_schema: { schema: 7 } },
      }),
    embedded: 400,
    oracle: 200,
  },
  {
    what: 'several choices (n)',
    reason: 'ours makes one answer a request and says so',
    look: (engine) => statusOf(engine, { messages: hello, n: 2 }),
    embedded: 400,
    oracle: 200,
  },
  {
    what: 'a stream of log probabilities under a grammar',
    reason: 'the binding knows raw probabilities under a grammar only once the answer is whole',
    look: (engine) =>
      statusOf(engine, {
        messages: hello,
        stream: true,
        logprobs: true,
        response_format: { type: 'json_object' },
      }),
    embedded: 400,
    oracle: 200,
  },
  {
    what: 'a limit of no tokens',
    reason: 'OpenAI wants at least one',
    look: (engine) => statusOf(engine, { messages: hello, max_tokens: 0 }),
    embedded: 400,
    oracle: 200,
  },
  {
    what: 'an empty prompt',
    reason: 'there is nothing to go on from: not every model has a token to start with',
    look: (engine) => statusOf(engine, { prompt: '' }, '/v1/completions'),
    embedded: 400,
    oracle: 200,
  },
  {
    what: 'the end of an answer among its log probabilities',
    reason: 'it is no part of the content, and OpenAI lists only what the content is made of',
    look: async (engine) => (await logprobs(engine, 'Translate to English: bonjour', 40)).at(-1).token === '',
    embedded: false,
    oracle: true,
  },
  {
    what: 'the log probabilities of a character that takes several tokens',
    reason: 'ours lists each token with its own; llama-server one for the character, with the last one’s',
    look: async (engine) => (await logprobs(engine, 'хочу', 4))[0].bytes.length,
    embedded: 1,
    oracle: 2,
  },
  {
    what: 'the id of a token beside its log probability',
    reason: 'it is not in OpenAI’s shape',
    look: async (engine) => typeof (await logprobs(engine, 'Hello', 1))[0].id,
    embedded: 'undefined',
    oracle: 'number',
  },
  {
    what: 'who owns the model',
    reason: 'a client that asks is told the truth',
    look: async (engine) =>
      ((await (await fetch(`${engine.url}/v1/models`)).json()) as Json).data[0].owned_by,
    embedded: 'botllm',
    oracle: 'llamacpp',
  },
  {
    what: 'what health tells',
    reason: 'the launcher needs to know which instance answers, and how far it is',
    look: async (engine) =>
      Object.keys((await (await fetch(`${engine.url}/health`)).json()) as Json).length > 1,
    embedded: true,
    oracle: false,
  },
  {
    what: 'llama-server’s own addresses (/props, /slots)',
    reason: 'they are not OpenAI’s, and /slots shows what others asked',
    look: async (engine) =>
      Promise.all(['/props', '/slots'].map(async (path) => (await fetch(engine.url + path)).status)),
    embedded: [404, 404],
    oracle: [200, 200],
  },
  {
    what: 'a Host header of a name that is not this machine’s',
    reason: 'a page in a browser could otherwise reach the model by DNS rebinding',
    look: (engine) => statusForHost(`${engine.url}/v1/models`, 'evil.example'),
    embedded: 403,
    oracle: 200,
  },
];

function statusForHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

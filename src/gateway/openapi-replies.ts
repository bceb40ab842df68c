/** JSON Schemas of what the gateway answers, for its OpenAPI document. */
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const finishReason = { type: ['string', 'null'], enum: ['stop', 'length', null] };
const usage = object(
  {
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: object({ cached_tokens: count }),
  },
  ['prompt_tokens', 'completion_tokens', 'total_tokens'],
);
const completion = (kind: string, choice: Record<string, unknown>) =>
  object(
    {
      id: text,
      object: { const: kind },
      created: count,
      model: { ...text, description: 'The model that answered, whichever was asked for' },
      choices: {
        type: 'array',
        items: object({ index: count, ...choice, logprobs: { type: 'null' }, finish_reason: finishReason }),
      },
      usage,
    },
    ['id', 'object', 'created', 'model', 'choices'],
  );
const model = object({ id: text, object: { const: 'model' }, created: count, owned_by: text });

/** The library's result object around the data of a task. */
const result = (data: Record<string, unknown>) =>
  object(
    {
      content: { ...text, description: 'The JSON text of data' },
      data,
      model: text,
      usage: object({ inputTokens: count, outputTokens: count, cachedTokens: count }, [
        'inputTokens',
        'outputTokens',
      ]),
      finishReason,
      confidenceMethod: text,
      cached: { type: 'boolean' },
      source: { ...text, enum: ['model', 'cache', 'fallback'] },
      error: { ...object({ code: text, message: text }), description: 'Why the answer is a fallback' },
      latencyMs: { type: 'number', minimum: 0 },
      attempts: count,
      requestId: text,
    },
    ['content', 'data', 'model', 'finishReason', 'cached', 'source', 'latencyMs', 'attempts', 'requestId'],
  );

export const REPLIES = {
  Error: object({
    error: object(
      {
        message: text,
        type: text,
        param: { type: ['string', 'null'] },
        code: { type: ['string', 'null'] },
        hint: text,
      },
      ['message', 'type', 'param', 'code'],
    ),
  }),
  ChatCompletion: completion('chat.completion', {
    message: object({ role: { const: 'assistant' }, content: text, refusal: { type: 'null' } }),
  }),
  Completion: completion('text_completion', { text }),
  Model: model,
  ModelList: object({ object: { const: 'list' }, data: { type: 'array', items: model } }),
  Health: object({ status: text }),
  Readiness: object(
    {
      status: { ...text, enum: ['ready', 'not ready', 'stopping'] },
      engine: { ...text, enum: ['ready', 'starting', 'away'] },
      model: { type: ['string', 'null'] },
    },
    ['status'],
  ),
  IntentResult: result(
    object({
      intent: text,
      confidence: { type: ['number', 'null'], minimum: 0, maximum: 1 },
      entities: { type: 'object', additionalProperties: text },
    }),
  ),
  ValidateResult: result(object({ valid: { type: 'boolean' }, reason: text, suggestion: text })),
  MenuResult: result(
    object({ items: { type: 'array', maxItems: 8, items: object({ text, description: text }) } }),
  ),
  ImproveResult: result(object({ text })),
} as const;

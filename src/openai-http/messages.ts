/** Sentences of the wire that people read. Codes and types, which programs read, stand where they are thrown. */
export const wireMessages = {
  notUtf8: 'The body is not UTF-8',
  notJson: 'The body is not valid JSON.',
  emptyBody: 'The request has no body.',
  bodyTooLarge: (limit: number) => `The body is larger than ${limit} bytes.`,
  unknownPath: (method: string, path: string) => `There is nothing at ${method} ${path}.`,
  wrongMethod: (method: string, path: string, allowed: string) =>
    `${method} is not allowed at ${path}; allowed: ${allowed}.`,
  foreignHost: 'The Host header names a host that this server does not answer for.',
  foreignOrigin: 'Requests from web pages of other origins are refused.',
  badHttp: 'The bytes received are not an HTTP request.',
  headersTooLarge: 'The request headers are too large.',
  internal: (requestId: string) => `Something went wrong inside the server (request ${requestId}).`,
  oneChoiceOnly: 'Only one choice is made at a time: n must be 1.',
  noMessages: 'messages must hold at least one message.',
  logprobsInStreamWithGrammar:
    'logprobs cannot be combined with stream and response_format: raw probabilities are known only afterwards.',
  topLogprobsAlone: 'top_logprobs needs logprobs: true.',
  textPartsOnly: 'Only text parts are understood in content.',
} as const;

import { completion, type Reply, type SeenRequest } from './fake-engine.js';

export interface OracleAnswer {
  intent: string;
  entities: { name: string; value: string }[];
}

/** The user's text in a question of `classifyUserIntent`, from between its tags. */
export function messageIn({ body }: Pick<SeenRequest, 'body'>): string {
  const last = body.messages?.at(-1)?.content ?? '';
  return /<(message-[0-9a-f]{8})>\n([\s\S]*)\n<\/\1>/.exec(last)?.[2] ?? '';
}

/**
 * A model that is always right: it knows the answer to each message, gives it in the asked shape, and gives
 * probabilities when they are asked for: `sure` for its choice, the rest for another label.
 */
export function oracle(answers: ReadonlyMap<string, OracleAnswer>, sure = 0.9): Reply {
  return (response, request) => {
    const answer = answers.get(messageIn(request)) ?? { intent: 'unknown', entities: [] };
    const labels = request.body.response_format?.json_schema?.schema?.properties?.intent?.enum ?? [];
    if (!labels.includes(answer.intent)) throw new Error(`${answer.intent} was not among the labels`);
    const text = JSON.stringify(answer);
    const logprobs = request.body.logprobs ? { content: tokensOf(text, answer.intent, labels, sure) } : null;
    return completion(text, { logprobs })(response, request);
  };
}

/** The label as one token, with one rival; the rest in pieces of four characters, without any. */
function tokensOf(text: string, chosen: string, labels: readonly string[], sure: number) {
  const at = text.indexOf(`"${chosen}"`) + 1;
  const pieces = (part: string) => part.match(/[\s\S]{1,4}/g) ?? [];
  const certain = (token: string) => ({ token, logprob: 0, top_logprobs: [{ token, logprob: 0 }] });
  const rival = labels.find((label) => label !== chosen) ?? 'x';
  const choice = {
    token: chosen,
    logprob: Math.log(sure),
    top_logprobs: [
      { token: chosen, logprob: Math.log(sure) },
      { token: rival, logprob: Math.log(1 - sure) },
    ],
  };
  return [
    ...pieces(text.slice(0, at)).map(certain),
    choice,
    ...pieces(text.slice(at + chosen.length)).map(certain),
  ];
}

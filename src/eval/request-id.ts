const PREFIX = 'eval';

/** What ties an engine's words to a case: it stands in `X-Request-Id`. */
export function requestIdOf(way: string, caseId: string): string {
  return `${PREFIX}:${way}:${caseId}`;
}

/** The case that a request is about. */
export function caseIdOf(requestId: string): string {
  return requestId.split(':').slice(2).join(':');
}

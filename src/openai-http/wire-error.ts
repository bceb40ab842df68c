/** The `type` of an error on the wire, as llama-server spells them. */
export type WireErrorType =
  | 'invalid_request_error'
  | 'not_found_error'
  | 'permission_error'
  | 'authentication_error'
  | 'unavailable_error'
  | 'exceed_context_size_error'
  | 'not_supported_error'
  | 'server_error';

export interface WireErrorOptions {
  /** The field of the request that is wrong. */
  param?: string | undefined;
  /** Seconds for `Retry-After`. */
  retryAfterSeconds?: number | undefined;
  headers?: Record<string, string> | undefined;
  /** Further fields of the error object, beside OpenAI's. */
  extra?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** A refusal that a client reads: OpenAI's error object with an HTTP status. Never carries a stack. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly type: WireErrorType;
  readonly options: WireErrorOptions;

  constructor(status: number, type: WireErrorType, message: string, options: WireErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.type = type;
    this.options = options;
  }

  /** `code` is the HTTP status, as llama-server has it, so that one parser reads both. */
  body(): { error: Record<string, unknown> } {
    const { param, extra } = this.options;
    return {
      error: {
        code: this.status,
        message: this.message,
        type: this.type,
        ...(param === undefined ? {} : { param }),
        ...extra,
      },
    };
  }

  response(): Response {
    const { headers, retryAfterSeconds } = this.options;
    return new Response(JSON.stringify(this.body()), {
      status: this.status,
      headers: {
        'content-type': 'application/json',
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...headers,
      },
    });
  }
}

/** 400 for a field that is missing or wrong. */
export function invalidRequest(message: string, param?: string, cause?: unknown): WireError {
  return new WireError(400, 'invalid_request_error', message, { param, cause });
}

/** 503 that a client may try again after `retryAfterSeconds`. */
export function unavailable(message: string, retryAfterSeconds: number): WireError {
  return new WireError(503, 'unavailable_error', message, { retryAfterSeconds });
}

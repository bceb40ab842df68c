import type { Socket } from 'node:net';
import { wireMessages } from './messages.js';
import { WireError } from './wire-error.js';

/** Answers bytes that are not HTTP in OpenAI's error shape, for a server's `clientError`. */
export function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const refusal = new WireError(
    tooLong ? 431 : 400,
    'invalid_request_error',
    tooLong ? wireMessages.headersTooLarge : wireMessages.badHttp,
  );
  const body = JSON.stringify(refusal.body());
  const reason = tooLong ? 'Request Header Fields Too Large' : 'Bad Request';
  socket.end(
    `HTTP/1.1 ${refusal.status} ${reason}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

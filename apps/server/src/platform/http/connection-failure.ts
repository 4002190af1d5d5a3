import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE } from '@isocenter/contract';
import { Problem } from './problem.ts';

/** Answers what Node could not read as HTTP, before there is a request. */
export function answerConnectionFailure(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = new Problem(codeFor(error.code), {});
  const body = JSON.stringify(problem.document());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.document().title}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function codeFor(code: string | undefined): 'headers-too-large' | 'request-timeout' | 'malformed-request' {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return 'malformed-request';
}

import { once } from 'node:events';
import { connect } from 'node:net';
import type { RawRequest } from './request-mutations.ts';

/**
 * Writes a request with the length that it claims, ends, and reads to the end of the connection: what no client library
 * would send. Answers the statuses of what came back, which may be nothing; rejects when the server doesn't end.
 */
export async function rawExchange(
  { url, token }: { readonly url: string; readonly token: string },
  { contentType, body, length = body.length }: RawRequest,
  patienceMs: number,
): Promise<number[]> {
  const { hostname, port, host } = new URL(url);
  const head = [
    'POST /dicom-web/studies HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${length}`,
    'Connection: close',
  ];
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  // A server that has heard enough may reset the connection.
  socket.on('error', () => undefined);
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('no end')));
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.on('end', () => socket.end());
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.end(body);
  await once(socket, 'close').catch(() => undefined);
  if (socket.errored?.message === 'no end') throw new Error(`no end within ${patienceMs} ms`);
  return [...answer.matchAll(/(?:^|\r\n\r\n|\})HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

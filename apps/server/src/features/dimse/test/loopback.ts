import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const open = new Set<{ destroy(): unknown }>();

/** Ends all that was opened here: for after each test. */
export function closeLoopback(): void {
  for (const one of open) one.destroy();
  open.clear();
}

/** Listens on a free port of this machine. */
export async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  open.add({ destroy: () => server.close() });
  return (server.address() as AddressInfo).port;
}

/** Both ends of a TCP connection. */
export async function socketPair(): Promise<[Socket, Socket]> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const port = await listen(resolve);
  const client = await connectTo(port);
  return [client, await promise];
}

export async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  open.add(socket);
  return socket;
}

/** All that comes until the other side ends. */
export async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

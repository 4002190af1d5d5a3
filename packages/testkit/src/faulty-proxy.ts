import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a bad network does to each connection. Positions count the bytes of one connection in one direction. */
export interface Faults {
  /** Passes on at most this many bytes per second. */
  readonly bytesPerSecond?: number;
  /** Breaks the connection when this many bytes went to the server. */
  readonly cutUploadAt?: number;
  /** Breaks the connection when this many bytes came from the server. */
  readonly cutDownloadAt?: number;
  /** Changes the byte at this position, and at every multiple of it, on its way to the server. */
  readonly flipUploadEvery?: number;
  /** Stop changing after this many changed bytes, over all connections. */
  readonly flips?: number;
  /** Takes everything and passes nothing on. */
  readonly silent?: boolean;
}

const PIECE = 16 * 1024;

/** A TCP proxy with the faults that are set when a connection begins. */
export class FaultyProxy {
  faults: Faults = {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How many connections there were. */
  connections = 0;
  flipped = 0;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#serve(client, target));
  }

  static async start(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sets the faults for the connections from now on, and ends the ones there are, so that none goes on without them. */
  behave(faults: Faults): void {
    this.faults = faults;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket, target: number): void {
    this.connections++;
    const faults = this.faults;
    const server = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    void this.#pass(client, server, faults, 'upload').catch(() => client.destroy());
    void this.#pass(server, client, faults, 'download').catch(() => client.destroy());
  }

  async #pass(from: Socket, to: Socket, faults: Faults, direction: 'upload' | 'download'): Promise<void> {
    const cutAt = (direction === 'upload' ? faults.cutUploadAt : faults.cutDownloadAt) ?? Infinity;
    let position = 0;
    for await (const chunk of from) {
      if (faults.silent) continue;
      const bytes = Buffer.from(chunk as Buffer);
      if (direction === 'upload') this.#flip(bytes, position, faults);
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, Math.min(at + PIECE, Math.max(at, cutAt - position)));
        if (faults.bytesPerSecond) await pause((piece.length / faults.bytesPerSecond) * 1000);
        if (!to.write(piece)) await once(to, 'drain');
        if (position + at + piece.length >= cutAt) {
          from.destroy();
          to.destroy();
          return;
        }
      }
      position += bytes.length;
    }
    to.end();
  }

  #flip(bytes: Buffer, position: number, { flipUploadEvery, flips = Infinity }: Faults): void {
    if (flipUploadEvery === undefined) return;
    const first = Math.max(flipUploadEvery, Math.ceil(position / flipUploadEvery) * flipUploadEvery);
    for (let at = first - position; at < bytes.length && this.flipped < flips; at += flipUploadEvery) {
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      this.flipped++;
    }
  }
}

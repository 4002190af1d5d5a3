import { once } from 'node:events';
import type { Socket } from 'node:net';
import { DimseError } from '../dimse-error.ts';
import { PDU_HEADER, type Pdu } from './pdu.ts';

/** Longer PDUs are not sent by anyone who negotiated with us; the limit bounds what a stranger can make us hold. */
const LONGEST_PDU = 1024 * 1024;
const KEEP_ALIVE_MS = 60_000;

/** A socket as PDUs, read when they are asked for and written no faster than the peer takes them. */
export class Connection {
  private readonly socket: Socket;
  private readonly chunks: AsyncIterator<Buffer, undefined>;
  private buffered: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // Errors are told to whoever reads or writes; without a listener they would end the process.
    socket.on('error', () => undefined);
    this.chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  /** The next PDU; undefined when the peer closed the connection between two. */
  async read(timeoutMs: number): Promise<Pdu | undefined> {
    const header = await this.take(PDU_HEADER, timeoutMs);
    if (!header) return undefined;
    const length = header.readUInt32BE(2);
    if (length > LONGEST_PDU) throw new DimseError('protocol', `The peer sent a PDU of ${length} bytes`);
    const body = await this.take(length, timeoutMs);
    if (!body) throw lost();
    return { type: header[0]!, body };
  }

  private async take(count: number, timeoutMs: number): Promise<Buffer | undefined> {
    if (this.buffered.length < count) {
      const parts = [this.buffered];
      let length = this.buffered.length;
      while (length < count) {
        const chunk = await this.patiently(this.chunks.next(), timeoutMs);
        if (chunk.done) {
          if (length > 0) throw lost();
          return undefined;
        }
        parts.push(chunk.value);
        length += chunk.value.length;
      }
      this.buffered = Buffer.concat(parts, length);
    }
    const taken = this.buffered.subarray(0, count);
    this.buffered = this.buffered.subarray(count);
    return taken;
  }

  /** Writes, and waits while the peer doesn't take more. */
  async write(timeoutMs: number, ...parts: readonly Uint8Array[]): Promise<void> {
    if (this.socket.destroyed) throw lost(this.socket.errored);
    this.socket.cork();
    for (const part of parts) this.socket.write(part);
    this.socket.uncork();
    if (!this.socket.writableNeedDrain) return;
    const closed = new AbortController();
    const onClose = (): void => closed.abort();
    this.socket.once('close', onClose);
    try {
      await this.patiently(once(this.socket, 'drain', { signal: closed.signal }), timeoutMs);
    } finally {
      this.socket.off('close', onClose);
    }
  }

  private async patiently<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
    const late = new DimseError('timed-out', `The peer was silent for ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => this.socket.destroy(late), timeoutMs);
    try {
      return await work;
    } catch (error) {
      const cause = this.socket.errored ?? error;
      throw cause instanceof DimseError ? cause : lost(cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection once what was written has gone, or after a while. */
  async close(timeoutMs: number): Promise<void> {
    if (this.socket.destroyed) return;
    const timer = setTimeout(() => this.socket.destroy(), timeoutMs);
    const closed = once(this.socket, 'close');
    this.socket.end();
    // What still comes is let go, so that the peer's end is seen.
    this.discard().catch(() => undefined);
    await closed.catch(() => undefined);
    clearTimeout(timer);
  }

  private async discard(): Promise<void> {
    while (!(await this.chunks.next()).done);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

const lost = (cause?: unknown): DimseError =>
  new DimseError('connection-lost', 'The connection to the peer was lost', cause ? { cause } : {});

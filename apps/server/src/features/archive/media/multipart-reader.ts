/** multipart/related as it streams in (RFC 2046 5.1, RFC 2387). Memory: the chunk at hand. */

export interface MultipartPart {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Must be read to its end before the next part is asked for; what isn't is skipped. */
  readonly body: AsyncIterable<Buffer>;
}

/** The body is no multipart body of the stated boundary, or ends early. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

const HEADER_LIMIT = 16 * 1024;
const CRLF2 = Buffer.from('\r\n\r\n');

export async function* readMultipart(
  source: AsyncIterable<Buffer>,
  boundary: string,
): AsyncGenerator<MultipartPart, void, void> {
  const reader = new MultipartReader(source, boundary);
  while (await reader.nextPart()) {
    const headers = await reader.headers();
    yield { headers, body: reader.body() };
    // Skips what the consumer left unread.
    for await (const _ of reader.body());
  }
}

class MultipartReader {
  private readonly source: AsyncIterator<Buffer>;
  private readonly delimiter: Buffer;
  /** Bytes that have arrived and aren't consumed. Starts as if a line ended: the first boundary may be the first bytes. */
  private buffer: Buffer = Buffer.from('\r\n');
  private inBody = true;

  constructor(source: AsyncIterable<Buffer>, boundary: string) {
    this.source = source[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Goes past the next boundary; false at the closing one. */
  async nextPart(): Promise<boolean> {
    for await (const _ of this.body());
    await this.fill(2);
    if (this.buffer[0] === 0x2d && this.buffer[1] === 0x2d) {
      await this.drain();
      return false;
    }
    return true;
  }

  /** The header block of a part, after the rest of the boundary's line. */
  async headers(): Promise<Map<string, string>> {
    let end = this.buffer.indexOf(CRLF2);
    while (end < 0) {
      if (this.buffer.length > HEADER_LIMIT) throw new MultipartError('The headers of a part are too long');
      await this.more();
      end = this.buffer.indexOf(CRLF2);
    }
    const block = this.buffer.subarray(0, end).toString('latin1');
    this.buffer = this.buffer.subarray(end + CRLF2.length);
    this.inBody = true;
    const headers = new Map<string, string>();
    for (const line of block.split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    // An empty body may directly follow the headers' blank line, whose CRLF then also begins the boundary.
    if (this.buffer.length < this.delimiter.length) await this.fill(this.delimiter.length - 2).catch(() => undefined);
    if (this.buffer.subarray(0, this.delimiter.length - 2).equals(this.delimiter.subarray(2))) {
      this.buffer = Buffer.concat([this.delimiter.subarray(0, 2), this.buffer]);
    }
    return headers;
  }

  /** The bytes up to the next boundary, which is consumed with them. */
  async *body(): AsyncGenerator<Buffer, void, void> {
    while (this.inBody) {
      const at = this.buffer.indexOf(this.delimiter);
      if (at >= 0) {
        const last = this.buffer.subarray(0, at);
        this.buffer = this.buffer.subarray(at + this.delimiter.length);
        this.inBody = false;
        if (last.length > 0) yield last;
        return;
      }
      const held = heldBack(this.buffer, this.delimiter);
      const safe = this.buffer.subarray(0, this.buffer.length - held);
      this.buffer = this.buffer.subarray(this.buffer.length - held);
      if (safe.length > 0) yield safe;
      await this.more();
    }
  }

  private async fill(count: number): Promise<void> {
    while (this.buffer.length < count) await this.more();
  }

  private async more(): Promise<void> {
    const next = await this.source.next();
    if (next.done) throw new MultipartError('The body ends before its closing boundary');
    this.buffer = this.buffer.length === 0 ? next.value : Buffer.concat([this.buffer, next.value]);
  }

  /** Whatever follows the closing boundary has no meaning. */
  private async drain(): Promise<void> {
    while (!(await this.source.next()).done);
  }
}

/** How many bytes at the end could be the start of the delimiter: they wait for the next chunk. Mostly none. */
function heldBack(buffer: Buffer, delimiter: Buffer): number {
  const from = Math.max(0, buffer.length - delimiter.length + 1);
  for (let at = buffer.indexOf(0x0d, from); at >= 0; at = buffer.indexOf(0x0d, at + 1)) {
    const length = buffer.length - at;
    if (buffer.subarray(at).equals(delimiter.subarray(0, length))) return length;
  }
  return 0;
}

const EMPTY = new Uint8Array(0);

/**
 * The part of a byte stream that a reader looks at. Bytes arrive in chunks of any size; only what is wanted next is
 * kept, and what is skipped is dropped as it arrives.
 */
export class ByteWindow {
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset in the stream of `bytes[0]`. */
  private base = 0;
  /** Where the reader stands in `bytes`; beyond its end while skipping. */
  private at = 0;
  private readonly waiting: Uint8Array[] = [];
  private waitingLength = 0;
  private wanted = 0;
  private ended = false;
  littleEndian = true;

  /** Offset in the stream of the next byte to be read. */
  get position(): number {
    return this.base + this.at;
  }

  /** Bytes that have arrived, counted from the start of the stream. */
  get received(): number {
    return this.base + this.bytes.length + this.waitingLength;
  }

  /** Takes the next chunk, which must not be changed afterwards. Returns whether what was wanted is there. */
  push(chunk: Uint8Array): boolean {
    if (this.waiting.length === 0 && this.at >= this.bytes.length) {
      this.base += this.bytes.length;
      this.at -= this.bytes.length;
      this.use(chunk);
    } else {
      this.waiting.push(chunk);
      this.waitingLength += chunk.length;
    }
    return this.received - this.position >= this.wanted;
  }

  end(): void {
    this.ended = true;
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Whether `count` bytes can be read now. When not and the stream goes on, the reader must wait for more. */
  has(count: number): boolean {
    if (this.bytes.length - this.at >= count) return true;
    if (this.received - this.position >= count) {
      this.merge();
      return true;
    }
    this.wanted = count;
    return false;
  }

  /** The next two bytes as a number, without moving. */
  uint16(ahead = 0): number {
    return this.view.getUint16(this.at + ahead, this.littleEndian);
  }

  uint32(ahead = 0): number {
    return this.view.getUint32(this.at + ahead, this.littleEndian);
  }

  byte(ahead = 0): number {
    return this.bytes[this.at + ahead]!;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** The next bytes, as a view on what has arrived (no copy). */
  take(count: number): Uint8Array {
    if (count === 0) return EMPTY;
    const taken = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return taken;
  }

  /** The next bytes, as a copy where a view would hold a much larger chunk in memory. */
  takeAlone(count: number): Uint8Array {
    const taken = this.take(count);
    return taken.length * 2 < taken.buffer.byteLength ? new Uint8Array(taken) : taken;
  }

  /** All that has arrived and isn't read. */
  rest(): Uint8Array {
    this.merge();
    return this.take(Math.max(0, this.bytes.length - this.at));
  }

  private use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private merge(): void {
    if (this.waiting.length === 0) return;
    const tail = this.bytes.subarray(Math.min(this.at, this.bytes.length));
    const merged = new Uint8Array(tail.length + this.waitingLength);
    merged.set(tail, 0);
    let length = tail.length;
    for (const chunk of this.waiting) {
      merged.set(chunk, length);
      length += chunk.length;
    }
    const dropped = Math.min(this.at, this.bytes.length);
    this.base += dropped;
    this.at -= dropped;
    this.waiting.length = 0;
    this.waitingLength = 0;
    this.use(merged);
  }
}

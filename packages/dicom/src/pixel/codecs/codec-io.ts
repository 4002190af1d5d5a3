/** What a decoder is told of the frame, from the stream's own header. */
export interface CodecInput {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Bits of a sample in the stream. */
  readonly precision: number;
  readonly signed: boolean;
}

/** What a decoder gives: little-endian cells. */
export interface CodecOutput {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bytesEach: 1 | 2;
  /** Why part of the picture may be wrong, where the decoder says so. */
  readonly damaged?: string;
}

/** A codec refused its input, trapped, or gave something impossible. The text is the codec's own, about the stream. */
export class CodecFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecFailure';
  }
}

/** A wasm instance that threw, trapped or grew beyond this is dropped: its memory can't be trusted, and never shrinks. */
export const retiredMemory = 640 * 1024 * 1024;

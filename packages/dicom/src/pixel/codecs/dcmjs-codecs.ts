import { CodecFailure, type CodecInput, type CodecOutput, retiredMemory } from './codec-io.ts';

/**
 * The WebAssembly module of dcmjs-codecs, driven by its C interface. The package's own JavaScript is left aside: it
 * reads the file by itself, keeps one instance for ever and doesn't reach the 12-bit JPEG decoder that the module has.
 * Codecs inside: IJG 6b with the lossless patch at 8, 12 and 16 bits, CharLS, OpenJPEG, OpenJPH, libjxl.
 */
export interface DcmjsCodecs {
  decode(decoder: DcmjsDecoder, bytes: Uint8Array, input: CodecInput, toRgb?: boolean): CodecOutput;
  encode(encoder: DcmjsEncoder, cells: Uint8Array, input: DcmjsEncodeInput): Uint8Array<ArrayBuffer>;
}

export type DcmjsDecoder = 'DecodeJpeg' | 'DecodeJpegLs' | 'DecodeJpeg2000' | 'DecodeHtJpeg2000' | 'DecodeJpegXl';
export type DcmjsEncoder = 'EncodeJpeg' | 'EncodeJpegLs' | 'EncodeJpeg2000' | 'EncodeJpegXl';

export interface DcmjsEncodeInput extends CodecInput {
  readonly bytesEach: 1 | 2;
  readonly rgb: boolean;
  readonly lossy?: boolean;
  /** JPEG quality, 1 to 100. */
  readonly quality?: number;
  /** JPEG: chroma at half the width. */
  readonly subsampled?: boolean;
}

/** Places in the module's list of photometric interpretations. */
const monochrome2 = 1;
const rgb = 3;
/** WASI's "bad file descriptor" and "invalid argument". */
const errno = { badf: 8, inval: 28 };
/** What libjpeg says when it filled in pixels; its other messages are traces and harmless remarks. */
const damage = /^Corrupt JPEG data: (?!\d+ extraneous bytes)|^Premature end of JPEG/;

/** Keeps one instance, replaced after any failure. */
export function dcmjsCodecs(module: WebAssembly.Module): DcmjsCodecs {
  let instance: Instance | undefined;
  const use = <T>(work: (codecs: Instance) => T): T => {
    const current = instance ?? new Instance(module);
    instance = undefined;
    try {
      const result = work(current);
      if (current.memory.buffer.byteLength <= retiredMemory) instance = current;
      return result;
    } catch (error) {
      throw error instanceof CodecFailure ? error : new CodecFailure('The codec failed on the data', { cause: error });
    }
  };
  return {
    decode: (decoder, bytes, input, toRgb = false) => use((codecs) => codecs.decode(decoder, bytes, input, toRgb)),
    encode: (encoder, cells, input) => use((codecs) => codecs.encode(encoder, cells, input)),
  };
}

class Instance {
  readonly memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Exports;
  #damaged: string | undefined;

  constructor(module: WebAssembly.Module) {
    const fail = (pointer: number, length: number): never => {
      throw new CodecFailure(gist(this.#text(pointer, length)));
    };
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        onCodecsException: fail,
        onCodecsInfo: (pointer: number, length: number) => this.#note(this.#text(pointer, length)),
        onCodecsTrace: () => undefined,
        emscripten_notify_memory_growth: () => undefined,
      },
      wasi_snapshot_preview1: {
        proc_exit: (code: number) => {
          throw new CodecFailure(`The codec gave up (${code})`);
        },
        clock_time_get: () => errno.inval,
        fd_write: () => errno.badf,
        fd_close: () => 0,
        fd_seek: () => 0,
        environ_get: () => 0,
        environ_sizes_get: (count: number, size: number) => {
          const view = new DataView(this.memory.buffer);
          view.setUint32(count, 0, true);
          view.setUint32(size, 0, true);
          return 0;
        },
      },
    });
    if (!(exports.memory instanceof WebAssembly.Memory)) throw new CodecFailure('Not the dcmjs-codecs module');
    this.memory = exports.memory;
    this.#exports = exports;
    this.#call('_initialize');
  }

  decode(decoder: DcmjsDecoder, bytes: Uint8Array, input: CodecInput, toRgb: boolean): CodecOutput {
    const context = this.#context(input, input.precision <= 8 ? 8 : 16);
    this.#call('SetEncodedBufferSize', context, bytes.length);
    new Uint8Array(this.memory.buffer).set(bytes, this.#call('GetEncodedBuffer', context));
    const parameters = this.#call('CreateDecoderParameters');
    this.#call('SetConvertColorspaceToRgb', parameters, toRgb ? 1 : 0);
    this.#damaged = undefined;
    this.#call(decoder, context, parameters);
    const out = this.#bytes(this.#call('GetDecodedBuffer', context), this.#call('GetDecodedBufferSize', context));
    this.#call('ReleaseDecoderParameters', parameters);
    this.#call('ReleaseCodecsContext', context);
    return {
      bytes: out,
      bytesEach: input.precision <= 8 ? 1 : 2,
      ...(this.#damaged ? { damaged: this.#damaged } : {}),
    };
  }

  encode(encoder: DcmjsEncoder, cells: Uint8Array, input: DcmjsEncodeInput): Uint8Array<ArrayBuffer> {
    // Its JPEG-LS encoder writes Bits Allocated as the precision; the others count bytes by it.
    const context = this.#context(input, encoder === 'EncodeJpegLs' ? input.precision : input.bytesEach * 8);
    this.#call('SetPhotometricInterpretation', context, input.rgb ? rgb : monochrome2);
    this.#call('SetDecodedBufferSize', context, cells.length);
    new Uint8Array(this.memory.buffer).set(cells, this.#call('GetDecodedBuffer', context));
    const parameters = this.#encoderParameters(input);
    this.#call(encoder, context, parameters);
    const out = this.#bytes(this.#call('GetEncodedBuffer', context), this.#call('GetEncodedBufferSize', context));
    this.#call('ReleaseEncoderParameters', parameters);
    this.#call('ReleaseCodecsContext', context);
    return out;
  }

  #context(input: CodecInput, bitsAllocated: number): number {
    const context = this.#call('CreateCodecsContext');
    this.#call('SetColumns', context, input.columns);
    this.#call('SetRows', context, input.rows);
    this.#call('SetBitsAllocated', context, bitsAllocated);
    this.#call('SetBitsStored', context, input.precision);
    this.#call('SetSamplesPerPixel', context, input.samples);
    this.#call('SetPixelRepresentation', context, input.signed ? 1 : 0);
    this.#call('SetPlanarConfiguration', context, 0);
    this.#call('SetPhotometricInterpretation', context, input.samples === 3 ? rgb : monochrome2);
    return context;
  }

  #encoderParameters(input: DcmjsEncodeInput): number {
    const parameters = this.#call('CreateEncoderParameters');
    this.#call('SetLossy', parameters, input.lossy ? 1 : 0);
    this.#call('SetQuality', parameters, input.quality ?? 90);
    this.#call('SetSmoothingFactor', parameters, 0);
    this.#call('SetSampleFactor', parameters, input.subsampled ? 1 : 0);
    this.#call('SetPredictor', parameters, 1);
    this.#call('SetPointTransform', parameters, 0);
    this.#call('SetAllowedLossyError', parameters, 0);
    this.#call('SetProgressionOrder', parameters, 0);
    this.#call('SetRate', parameters, 20);
    this.#call('SetAllowMct', parameters, input.rgb ? 1 : 0);
    return parameters;
  }

  #call(name: string, ...values: number[]): number {
    const entry = this.#exports[name];
    if (typeof entry !== 'function') throw new CodecFailure(`The codec module has no ${name}`);
    return Number(Reflect.apply(entry, undefined, values)) >>> 0;
  }

  #bytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, pointer, length).slice();
  }

  #text(pointer: number, length: number): string {
    return String.fromCharCode(...new Uint8Array(this.memory.buffer, pointer, Math.min(length, 300)));
  }

  #note(message: string): void {
    const said = gist(message);
    if (damage.test(said)) this.#damaged ??= said;
  }
}

/** Messages come as `Function::Function::text`. */
const gist = (message: string): string => message.slice(message.lastIndexOf('::') + 2).trim();

import { CodecFailure, type CodecInput, type CodecOutput, retiredMemory } from './codec-io.ts';

/**
 * Cornerstone's builds of OpenJPEG, OpenJPH and libjpeg-turbo: a second opinion where dcmjs-codecs fails, and
 * the better encoder of HTJ2K. Each is an Emscripten module; an instance is replaced after any failure.
 */
export interface CornerstoneCodec {
  decode(bytes: Uint8Array, input: CodecInput): Promise<CodecOutput>;
  encode(cells: Uint8Array, input: CodecInput & { readonly rgb: boolean }): Promise<Uint8Array<ArrayBuffer>>;
}

/** Resolution first: what transfer syntax .202 asks for, and what .201 allows. */
const rpcl = 2;

type Create = (options: CornerstoneOptions) => Promise<CornerstoneModule>;

const packages = {
  openjpeg: async (): Promise<Create> => (await import('@cornerstonejs/codec-openjpeg/wasmjs')).default,
  openjph: async (): Promise<Create> => (await import('@cornerstonejs/codec-openjph/wasmjs')).default,
  libjpegturbo: async (): Promise<Create> => (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs')).default,
};
export type CornerstoneName = keyof typeof packages;

export function cornerstoneCodec(name: CornerstoneName, module: WebAssembly.Module): CornerstoneCodec {
  let instance: Promise<CornerstoneModule> | undefined;
  const use = async <T>(work: (codec: CornerstoneModule) => T): Promise<T> => {
    instance ??= instantiate(name, module);
    const current = instance;
    try {
      const codec = await current;
      const result = work(codec);
      if ((codec.HEAPU8?.length ?? 0) > retiredMemory && instance === current) instance = undefined;
      return result;
    } catch (error) {
      if (instance === current) instance = undefined;
      // Emscripten throws C++ exceptions as bare addresses.
      throw error instanceof CodecFailure ? error : new CodecFailure(`${name} failed on the data`, { cause: error });
    }
  };
  return {
    decode: (bytes, input) => use((codec) => decode(name, codec, bytes, input)),
    encode: (cells, input) => use((codec) => encode(name, codec, cells, input)),
  };
}

async function instantiate(name: CornerstoneName, module: WebAssembly.Module): Promise<CornerstoneModule> {
  const create = await packages[name]();
  return new Promise((resolve, reject) => {
    create({
      instantiateWasm: (imports, receive) => {
        WebAssembly.instantiate(module, imports).then(receive, reject);
        return {};
      },
      print: () => undefined,
      printErr: () => undefined,
    }).then(resolve, reject);
  });
}

function decode(name: CornerstoneName, codec: CornerstoneModule, bytes: Uint8Array, input: CodecInput): CodecOutput {
  const { J2KDecoder, HTJ2KDecoder, JPEGDecoder } = codec;
  const Decoder = { openjpeg: J2KDecoder, openjph: HTJ2KDecoder, libjpegturbo: JPEGDecoder }[name];
  if (!Decoder) throw new CodecFailure(`${name} has no decoder`);
  const decoder = new Decoder();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const info = decoder.getFrameInfo();
  const bytesEach = input.precision <= 8 ? 1 : 2;
  const length = input.rows * input.columns * input.samples * bytesEach;
  const decoded = decoder.getDecodedBuffer();
  // A failure inside shows only as a size that isn't the picture's.
  const right = info.width === input.columns && info.height === input.rows && info.componentCount === input.samples;
  if (!right || decoded.length !== length) throw new CodecFailure(`${name} could not decode the data`);
  const copy = new Uint8Array(length);
  copy.set(decoded);
  decoder.delete();
  return { bytes: copy, bytesEach };
}

function encode(
  name: CornerstoneName,
  codec: CornerstoneModule,
  cells: Uint8Array,
  input: CodecInput & { readonly rgb: boolean },
): Uint8Array<ArrayBuffer> {
  const Encoder = name === 'openjph' ? codec.HTJ2KEncoder : undefined;
  if (!Encoder) throw new CodecFailure(`${name} has no encoder`);
  const encoder = new Encoder();
  const buffer = encoder.getDecodedBuffer({
    width: input.columns,
    height: input.rows,
    bitsPerSample: input.precision,
    componentCount: input.samples,
    isSigned: input.signed,
    isUsingColorTransform: input.rgb,
  });
  if (buffer.length !== cells.length)
    throw new CodecFailure(`${name} expects ${buffer.length} bytes, not ${cells.length}`);
  buffer.set(cells);
  encoder.setDecompositions(decompositions(input));
  encoder.setQuality(true, 0);
  encoder.setProgressionOrder(rpcl);
  encoder.encode();
  const encoded = encoder.getEncodedBuffer();
  const copy = new Uint8Array(encoded.length);
  copy.set(encoded);
  encoder.delete();
  return copy;
}

/** As many wavelet levels as leave a side of at least 32 pixels, 5 at most. With none OpenJPH garbles the least value. */
function decompositions({ rows, columns }: CodecInput): number {
  let levels = 1;
  for (let side = Math.min(rows, columns) / 2; levels < 5 && side > 32; side /= 2) levels++;
  return levels;
}

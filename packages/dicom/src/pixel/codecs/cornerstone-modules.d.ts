/** The packages ship no types: what is used of their Emscripten modules. */
interface CornerstoneFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
}
interface CornerstoneDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): CornerstoneFrameInfo;
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
  delete(): void;
}
interface CornerstoneEncoder {
  getDecodedBuffer(info: CornerstoneFrameInfo & { isUsingColorTransform?: boolean }): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  setQuality(lossless: boolean, quantizationStep: number): void;
  setDecompositions(count: number): void;
  setProgressionOrder(order: number): void;
  delete(): void;
}
interface CornerstoneModule {
  readonly HEAPU8?: Uint8Array;
  readonly J2KDecoder?: new () => CornerstoneDecoder;
  readonly HTJ2KDecoder?: new () => CornerstoneDecoder;
  readonly JPEGDecoder?: new () => CornerstoneDecoder;
  readonly HTJ2KEncoder?: new () => CornerstoneEncoder;
}
interface CornerstoneOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
  print(line: string): void;
  printErr(line: string): void;
}

declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const create: (options: CornerstoneOptions) => Promise<CornerstoneModule>;
  export = create;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const create: (options: CornerstoneOptions) => Promise<CornerstoneModule>;
  export = create;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs' {
  const create: (options: CornerstoneOptions) => Promise<CornerstoneModule>;
  export = create;
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** Bytes of each component of the output. */
    readonly numBytes: number;
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array;
  }
}

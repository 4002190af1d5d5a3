import { CodecFailure, type CodecInput, type CodecOutput } from '../codec-io.ts';
import { BitReader, scanEnd } from './bit-reader.ts';
import { type CodingParameters, codingParameters, type Presets } from './coding-parameters.ts';
import { ScanDecoder } from './scan-decoder.ts';

/**
 * JPEG-LS (ISO 14495-1). Of our own because CharLS, in every WebAssembly build at hand, takes up to half a minute to see
 * that a stream is broken, and traps on one whose last bits are missing; here time is bounded by the picture's size.
 * Gives the same samples, at about two thirds of the speed. Without restart intervals, mapping tables, subsampling and
 * colour transforms, which DICOM has no use for.
 */
export function decodeJpegLsStream(bytes: Uint8Array, input: CodecInput): CodecOutput {
  const cells = new Uint16Array(input.rows * input.columns * input.samples);
  const state: State = { bytes, input, cells, presets: {}, component: 0, incomplete: false };
  let at = 2;
  while (state.component < input.samples) {
    const segment = nextSegment(bytes, at);
    at = segment.code === marker.sos ? readScan(state, segment) : segment.next;
    if (segment.code === marker.lse) state.presets = { ...state.presets, ...readPresets(segment.body) };
    if (restarts(segment)) throw new CodecFailure('JPEG-LS with restart intervals');
    if (transforms(segment)) throw new CodecFailure('JPEG-LS with a colour transform');
  }
  const bytesEach = input.precision <= 8 ? 1 : 2;
  const own = bytesEach === 1 ? Uint8Array.from(cells) : new Uint8Array(cells.buffer);
  return {
    bytes: own,
    bytesEach,
    ...(state.incomplete ? { damaged: 'JPEG-LS data end within the last line' } : {}),
  };
}

interface State {
  readonly bytes: Uint8Array;
  readonly input: CodecInput;
  readonly cells: Uint16Array;
  presets: Presets;
  component: number;
  /** Data ended within the last line of a scan: some writers lose the last byte or two. */
  incomplete: boolean;
}

interface Segment {
  readonly code: number;
  readonly body: Uint8Array;
  readonly next: number;
}

const marker = { sos: 0xda, dri: 0xdd, app8: 0xe8, lse: 0xf8 };

const restarts = ({ code, body }: Segment): boolean => code === marker.dri && body.some((byte) => byte !== 0);

/** Hewlett-Packard's colour transforms: APP8 with "mrfx" and their number. SPIFF headers are APP8 too. */
const transforms = ({ code, body }: Segment): boolean =>
  code === marker.app8 && String.fromCharCode(...body.subarray(0, 4)) === 'mrfx' && body[4] !== 0;

function nextSegment(bytes: Uint8Array, start: number): Segment {
  let at = start;
  while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
  const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  const next = at + 2 + length;
  if (bytes[at] !== 0xff || length < 2 || next > bytes.length) throw new CodecFailure('JPEG-LS stream is broken');
  return { code: bytes[at + 1]!, body: bytes.subarray(at + 4, next), next };
}

function readPresets(body: Uint8Array): Presets {
  if (body[0] !== 1 || body.length < 11) throw new CodecFailure('JPEG-LS with mapping tables');
  const word = (i: number): number => (body[1 + 2 * i]! << 8) | body[2 + 2 * i]!;
  return { maxVal: word(0), t1: word(1), t2: word(2), t3: word(3), reset: word(4) };
}

/** Decodes the scan that a SOS segment begins; answers where the next segment is. */
function readScan(state: State, { body, next }: Segment): number {
  const { input, bytes } = state;
  const count = body[0] ?? 0;
  const near = body[1 + 2 * count] ?? 0;
  const interleave = body[2 + 2 * count] ?? 0;
  const parameters = codingParameters(input.precision, near, state.presets);
  const sound =
    count > 0 && state.component + count <= input.samples && (count === 1 || interleave === 1 || interleave === 2);
  if (!sound || !soundParameters(parameters, input.precision)) throw new CodecFailure('JPEG-LS scan makes no sense');
  const end = scanEnd(bytes, next);
  const bits = new BitReader(bytes, next, end);
  const decoder = new ScanDecoder(bits, parameters, count);
  readLines(state, decoder, bits, count, interleave === 2 && count > 1);
  state.component += count;
  state.incomplete ||= bits.missing > 0;
  return end;
}

const soundParameters = ({ maxVal, near, t1, t2, t3, reset }: CodingParameters, precision: number): boolean =>
  maxVal < 2 ** precision &&
  near <= Math.min(255, maxVal >> 1) &&
  near < t1 &&
  t1 <= t2 &&
  t2 <= t3 &&
  t3 <= maxVal &&
  reset >= 3;

function readLines(state: State, decoder: ScanDecoder, bits: BitReader, count: number, bySample: boolean): void {
  const { input, cells, component } = state;
  const { rows, columns, samples } = input;
  // A scan of one component among several leaves a plane; else samples of a pixel lie together.
  const plane = count < samples;
  const stride = plane ? 1 : samples;
  let above = Array.from({ length: count }, () => new Int32Array(columns + 2));
  let line = Array.from({ length: count }, () => new Int32Array(columns + 2));
  for (let row = 0; row < rows; row++) {
    if (bySample) decoder.samples(above, line, columns);
    else for (let i = 0; i < count; i++) decoder.line(above[i]!, line[i]!, columns, i);
    for (let i = 0; i < count; i++) {
      let to = plane ? (component + i) * rows * columns + row * columns : row * columns * stride + i;
      for (let x = 1; x <= columns; x++, to += stride) cells[to] = line[i]![x]!;
    }
    if (bits.missing > 0 && row < rows - 1) throw new CodecFailure(`JPEG-LS data end in line ${row + 1} of ${rows}`);
    [above, line] = [line, above];
  }
}

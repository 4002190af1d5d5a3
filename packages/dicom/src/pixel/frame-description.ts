import type { DataSet, Element } from '../model.ts';
import type { TransferSyntax } from '../transfer-syntax.ts';
import { firstNumber, firstString } from '../value.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { DecodeError } from './pixel-error.ts';

export const PixelData = 0x7fe00010;
export const FloatPixelData = 0x7fe00008;
export const DoubleFloatPixelData = 0x7fe00009;

/** An instance's frames: what they are, how they are encoded and where they lie. */
export interface FrameDescription extends ImagePixelModule {
  readonly transferSyntax: TransferSyntax;
  /** Pixel Data, Float or Double Float Pixel Data. */
  readonly element: Element;
}

/** Describes the frames of a data set; undefined when it has no pixel data. */
export function frameDescription(dataSet: DataSet, transferSyntax: TransferSyntax): FrameDescription | undefined {
  const element = pixelElement(dataSet);
  return element && { ...imagePixelModuleOf(dataSet), transferSyntax, element };
}

const pixelElement = (dataSet: DataSet): Element | undefined =>
  dataSet.elements.get(PixelData) ?? dataSet.elements.get(FloatPixelData) ?? dataSet.elements.get(DoubleFloatPixelData);

/**
 * The Image Pixel Module of a data set (PS3.3 C.7.6.3). What is absent and has only one sensible value is filled in;
 * High Bit below Bits Stored is put right. Throws {@link DecodeError} when rows, columns or bits are not there.
 */
export function imagePixelModuleOf(dataSet: DataSet): ImagePixelModule {
  const element = pixelElement(dataSet);
  const sampleType =
    element?.tag === FloatPixelData ? 'float' : element?.tag === DoubleFloatPixelData ? 'double' : 'integer';
  const whole = { integer: undefined, float: 32, double: 64 }[sampleType];
  const samplesPerPixel = firstNumber(dataSet, 0x00280002) ?? 1;
  const bitsAllocated = whole ?? required(dataSet, 0x00280100, 'Bits Allocated');
  const bitsStored = whole ?? firstNumber(dataSet, 0x00280101) ?? bitsAllocated;
  const highBit = whole === undefined ? (firstNumber(dataSet, 0x00280102) ?? bitsStored - 1) : whole - 1;
  return {
    rows: required(dataSet, 0x00280010, 'Rows'),
    columns: required(dataSet, 0x00280011, 'Columns'),
    samplesPerPixel,
    photometricInterpretation: firstString(dataSet, 0x00280004) ?? (samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB'),
    planarConfiguration: firstNumber(dataSet, 0x00280006) === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit: highBit >= bitsStored - 1 && highBit < bitsAllocated ? highBit : bitsStored - 1,
    pixelRepresentation: firstNumber(dataSet, 0x00280103) === 1 ? 1 : 0,
    numberOfFrames: Math.max(1, firstNumber(dataSet, 0x00280008) ?? 1),
    sampleType,
    vr: element?.vr === 'OB' || element?.vr === 'OF' || element?.vr === 'OD' ? element.vr : 'OW',
  };
}

function required(dataSet: DataSet, tag: number, name: string): number {
  const value = firstNumber(dataSet, tag);
  if (value === undefined) throw new DecodeError(`${name} is missing`);
  return value;
}

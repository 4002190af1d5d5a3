import type { NewElement } from '@isocenter/dicom';
import type { ImagePixelModule } from '@isocenter/dicom/pixel';

const us = (tag: number, value: number): NewElement => ({
  tag,
  vr: 'US',
  value: Uint8Array.of(value & 0xff, value >> 8),
});

function cs(tag: number, text: string): NewElement {
  return { tag, vr: 'CS', value: Buffer.from(text.length % 2 ? `${text} ` : text, 'latin1') };
}

/** The elements of the Image Pixel Module that must be written anew after pixels were transcoded. */
export function changedElements(before: ImagePixelModule, after: ImagePixelModule): NewElement[] {
  const changed = (key: keyof ImagePixelModule): boolean => before[key] !== after[key];
  return [
    ...(changed('photometricInterpretation') ? [cs(0x00280004, after.photometricInterpretation)] : []),
    // Required where there is more than one sample (PS3.3 C.7.6.3), and wrong before where it was missing.
    ...(after.samplesPerPixel > 1 && changed('planarConfiguration') ? [us(0x00280006, after.planarConfiguration)] : []),
    ...(changed('bitsAllocated') ? [us(0x00280100, after.bitsAllocated)] : []),
    ...(changed('bitsStored') ? [us(0x00280101, after.bitsStored)] : []),
    ...(changed('highBit') ? [us(0x00280102, after.highBit)] : []),
  ];
}

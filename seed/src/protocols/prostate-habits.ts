import {
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  JPEG2000Lossless,
  JPEGLosslessSV1,
  JPEGLSLossless,
  RLELossless,
} from '@isocenter/dicom';
import type { Maker } from '../series/scanner.ts';

/** Names and habits that differ between makers. */
export interface Habits {
  readonly t2: string;
  readonly sagittal: string;
  readonly t1: string;
  readonly dwi: string;
  readonly adc: string;
  readonly dce: string;
  readonly tse: string;
  readonly epi: string;
  readonly gre: string;
  readonly phases: number;
  readonly t2Syntax: string;
  readonly dwiSyntax: string;
  readonly position: 'HFS' | 'FFS';
}

export const prostateHabits: Readonly<Record<Exclude<Maker, 'Canon'>, Habits>> = {
  Siemens: {
    t2: 't2_tse_tra',
    sagittal: 't2_tse_sag',
    t1: 't1_tse_tra_p2',
    dwi: 'ep2d_diff_tra_b50_400_800_1400_TRACEW',
    adc: 'ep2d_diff_tra_ADC',
    dce: 't1_vibe_fs_tra_dynamic',
    tse: '*tse2d1_25',
    epi: '*ep_b1400t',
    gre: '*fl3d1',
    phases: 16,
    t2Syntax: ExplicitVRLittleEndian,
    dwiSyntax: ExplicitVRLittleEndian,
    position: 'HFS',
  },
  GE: {
    t2: 'Ax T2 FRFSE',
    sagittal: 'Sag T2 FRFSE',
    t1: 'Ax T1 FSE',
    dwi: 'Ax DWI b50-1400',
    adc: 'Apparent Diffusion Coefficient (mm2/s)',
    dce: 'Ax DISCO +C',
    tse: 'FRFSE',
    epi: 'EPI2',
    gre: 'DISCO',
    phases: 18,
    t2Syntax: JPEGLosslessSV1,
    dwiSyntax: ImplicitVRLittleEndian,
    position: 'FFS',
  },
  Philips: {
    t2: 'T2W_TSE_ax',
    sagittal: 'T2W_TSE_sag',
    t1: 'T1W_TSE_ax',
    dwi: 'DWI_4b',
    adc: 'dADC',
    dce: 'DCE_THRIVE',
    tse: 'TSE',
    epi: 'DwiSE',
    gre: 'T1FFE',
    phases: 14,
    t2Syntax: JPEG2000Lossless,
    dwiSyntax: JPEGLSLossless,
    position: 'HFS',
  },
  UIH: {
    t2: 't2_fse_tra',
    sagittal: 't2_fse_sag',
    t1: 't1_fse_tra',
    dwi: 'epi_dwi_tra_b50-1400',
    adc: 'epi_dwi_tra_ADC',
    dce: 't1_quick3d_tra_fs_dyn',
    tse: 'fse_2d',
    epi: 'epi_dwi',
    gre: 'gre_quick3d',
    phases: 12,
    t2Syntax: JPEGLSLossless,
    dwiSyntax: RLELossless,
    position: 'HFS',
  },
};

/** Why bytes could not be read as DICOM. The text names tags and offsets, never values. */
export type DicomErrorCode =
  | 'not-dicom'
  | 'truncated'
  | 'malformed'
  | 'too-deep'
  | 'header-too-large'
  | 'not-encodable';

export class DicomError extends Error {
  readonly code: DicomErrorCode;
  constructor(code: DicomErrorCode, message: string) {
    super(message);
    this.name = 'DicomError';
    this.code = code;
  }
}

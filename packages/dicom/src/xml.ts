/** The Native DICOM Model (PS3.19 A.1), by which DICOMweb answers `application/dicom+xml` (PS3.18 8.7.3.1). */
export { fromXml } from './xml/read.ts';
export { toXml, xmlChunks } from './xml/write.ts';

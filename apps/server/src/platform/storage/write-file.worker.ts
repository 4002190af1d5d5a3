import type { Sha256 } from '@isocenter/contract';
import { type FileToWrite, writeFileAtOnce } from './write-file.ts';

export const run = (file: FileToWrite): Sha256 => writeFileAtOnce(file);

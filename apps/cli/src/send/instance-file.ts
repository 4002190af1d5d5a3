import { open } from 'node:fs/promises';
import { firstString, type Part10, Part10Reader } from '@isocenter/dicom';
import type { LocalFile } from './local-files.ts';

/** A file that is to be sent. */
export interface InstanceFile extends LocalFile {
  /** (0008,0018), by which the server's answer names the instance; undefined where it couldn't be read. */
  readonly sopInstanceUid: string | undefined;
}

/** Why a file is not sent. */
export type NotSent = 'empty' | 'not a DICOM file' | 'a DICOMDIR' | 'unreadable';

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
const AFTER_IDENTITY = 0x00080019;
const MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002;
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** Identity stands at the beginning: file meta information and the first elements of group 0008. */
const PIECE = 8 * 1024;
const MAX_HEAD = 1024 * 1024;

/** Looks into the beginning of a file: is it an instance, and which? */
export async function inspect(file: LocalFile): Promise<InstanceFile | NotSent> {
  if (file.size === 0) return 'empty';
  let head: { part10: Part10 | undefined; magic: boolean };
  try {
    head = await readHead(file.path);
  } catch {
    return 'unreadable';
  }
  const { part10, magic } = head;
  // What has the mark of a DICOM file is the server's to judge, with its reason, even when we can't read it.
  if (part10 === undefined) return magic ? { ...file, sopInstanceUid: undefined } : 'not a DICOM file';
  const sopClass = firstString(part10.dataSet, SOP_CLASS_UID) ?? firstString(part10.meta, MEDIA_STORAGE_SOP_CLASS_UID);
  if (sopClass === MEDIA_STORAGE_DIRECTORY) return 'a DICOMDIR';
  return { ...file, sopInstanceUid: firstString(part10.dataSet, SOP_INSTANCE_UID) || undefined };
}

async function readHead(path: string): Promise<{ part10: Part10 | undefined; magic: boolean }> {
  const handle = await open(path, 'r');
  try {
    const reader = new Part10Reader({ stopBefore: AFTER_IDENTITY });
    const buffer = Buffer.alloc(PIECE);
    let magic = false;
    for (let at = 0; at < MAX_HEAD; ) {
      const { bytesRead } = await handle.read(buffer, 0, PIECE, at);
      if (at === 0) magic = buffer.toString('latin1', 128, Math.min(132, bytesRead)) === 'DICM';
      at += bytesRead;
      const part10 = advance(reader, bytesRead === 0 ? undefined : Uint8Array.from(buffer.subarray(0, bytesRead)));
      if (part10 === 'unreadable') return { part10: undefined, magic };
      if (part10) return { part10, magic };
    }
    return { part10: undefined, magic };
  } finally {
    await handle.close();
  }
}

/** Gives the reader the next bytes, or the end; its answer once it has one. */
function advance(reader: Part10Reader, bytes: Uint8Array | undefined): Part10 | 'unreadable' | undefined {
  try {
    if (bytes) reader.push(bytes);
    return bytes && !reader.done ? undefined : reader.end();
  } catch {
    return 'unreadable';
  }
}

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { firstNumber, type Part10, readPart10 } from '@isocenter/dicom';
import {
  codecAssets,
  type DecodedFrame,
  decodeFrame,
  type FrameDescription,
  frameDescription,
  frameFragments,
  frameSpan,
  joinFragments,
  nativeFrameRange,
  openCodecs,
} from '@isocenter/dicom/pixel';
import { askPython } from '@isocenter/testkit/pydicom';

const resolve = createRequire(import.meta.resolve('@isocenter/dicom/pixel')).resolve;
export const codecs = openCodecs(async (asset) => readFileSync(resolve(codecAssets[asset])));

/** Why the peers can't be asked; undefined when they can. */
export const peersMissing: string | undefined = whyNoPeers();

function whyNoPeers(): string | undefined {
  const tools = ['dcmcjpeg', 'dcmdjpeg', 'dcmcjpls', 'dcmdjpls', 'dcmcrle', 'dcmdrle', 'dcmj2pnm', 'gdcmconv'];
  const absent = tools.filter((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error);
  return absent.length > 0 ? `${absent.join(', ')}: not installed` : undefined;
}

/** A picture as the package decodes it: its file, its frames. */
export interface Picture {
  readonly part10: Part10;
  readonly description: FrameDescription;
  readonly frames: readonly DecodedFrame[];
}

/** Decodes the first and the last frame of a file. */
export async function decodeFile(path: string): Promise<Picture> {
  const bytes = readFileSync(path);
  const part10 = readPart10(bytes);
  const description = frameDescription(part10.dataSet, part10.transferSyntax);
  if (!description) throw new Error(`${path} has no pixel data`);
  const frames: DecodedFrame[] = [];
  for (const index of endsOf(description.numberOfFrames)) {
    const { encoded, skipBits } = await encodedFrame(bytes, part10, description, index);
    frames.push(await decodeFrame(codecs, encoded, description, part10.transferSyntax.uid, { skipBits }));
  }
  return { part10, description, frames };
}

export const endsOf = (numberOfFrames: number): number[] => [...new Set([0, numberOfFrames - 1])];

async function encodedFrame(bytes: Uint8Array, { dataSet }: Part10, description: FrameDescription, index: number) {
  const { element, numberOfFrames } = description;
  if (!element.fragments) {
    const { offset, length, skipBits } = nativeFrameRange(description, dataSet.encoding, index, element.length);
    return { encoded: element.value!.subarray(offset, offset + length), skipBits };
  }
  const groups = await frameFragments({
    fragments: element.fragments,
    numberOfFrames,
    extendedOffsetTable: dataSet.elements.get(0x7fe00001)?.value,
    extendedOffsetTableLengths: dataSet.elements.get(0x7fe00002)?.value,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  });
  const { offset, length } = frameSpan(groups[index]!);
  return { encoded: joinFragments(bytes.subarray(offset, offset + length), groups[index]!), skipBits: 0 };
}

/** What a peer decodes: a file of little-endian cells, samples of a pixel together; or why it doesn't. */
export interface PeerFrames {
  readonly peer: 'pylibjpeg' | 'gdcm' | 'dcmtk' | 'pydicom';
  readonly file?: string;
  readonly bits?: number;
  readonly signed?: boolean;
  readonly photometric?: string;
  readonly error?: string;
}

/** Has every peer decode the first and last frame of each file. Files go to `folder`. */
export function peersDecode(paths: readonly string[], folder: string): readonly PeerFrames[][] {
  return askPython(PEERS_DECODE, { paths, folder }) as PeerFrames[][];
}

const PEERS_DECODE = `
import hashlib, os, subprocess
import numpy as np, pydicom
from pydicom.pixels import iter_pixels
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian

NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
DCMTK = {'1.2.840.10008.1.2.5': 'dcmdrle'}
DCMTK.update({'1.2.840.10008.1.2.4.' + s: 'dcmdjpeg' for s in ('50', '51', '53', '55', '57', '70')})
DCMTK.update({'1.2.840.10008.1.2.4.' + s: 'dcmdjpls' for s in ('80', '81')})

def kept(peer, array, photometric):
    name = os.path.join(given['folder'], hashlib.md5((path + peer).encode()).hexdigest())
    array.astype(array.dtype.newbyteorder('<')).tofile(name)
    return {'peer': peer, 'file': name, 'bits': array.dtype.itemsize * 8, 'signed': array.dtype.kind == 'i', 'photometric': photometric}

def by_pydicom(ds, plugin):
    ends = sorted({0, int(ds.get('NumberOfFrames', 1) or 1) - 1})
    options = {} if plugin == 'pydicom' else {'decoding_plugin': plugin}
    frames = list(iter_pixels(ds, raw=True, indices=ends, **options))
    return kept(plugin, np.stack(frames), ds.PhotometricInterpretation)

def by_tool(peer, command, path):
    made = os.path.join(given['folder'], 'made.dcm')
    if os.path.exists(made): os.remove(made)
    run = subprocess.run(command + [path, made], capture_output=True, text=True)
    # gdcmconv says 0 also where it writes nothing.
    if run.returncode != 0 or not os.path.exists(made): raise ValueError(run.stderr[-200:])
    ds = pydicom.dcmread(made)
    ends = sorted({0, int(ds.get('NumberOfFrames', 1) or 1) - 1})
    return kept(peer, np.stack(list(iter_pixels(ds, raw=True, indices=ends))), ds.PhotometricInterpretation)

def attempt(peer, how):
    try: return how()
    except Exception as error: return {'peer': peer, 'error': str(error)[:200]}

answer = []
for path in given['paths']:
    ds = pydicom.dcmread(path)
    uid = ds.file_meta.TransferSyntaxUID
    if uid in NATIVE:
        answer.append([attempt('pydicom', lambda: by_pydicom(ds, 'pydicom'))])
        continue
    peers = [attempt('pylibjpeg', lambda: by_pydicom(ds, 'pylibjpeg')),
             attempt('gdcm', lambda: by_tool('gdcm', ['gdcmconv', '--raw'], path))]
    if uid in DCMTK: peers.append(attempt('dcmtk', lambda: by_tool('dcmtk', [DCMTK[uid]], path)))
    answer.append(peers)
`;

/** Runs a tool whose last parameter is the file to make, and answers whether it made it. */
export function ran(command: string, ...parameters: string[]): boolean {
  const made = parameters.at(-1)!;
  rmSync(made, { force: true });
  return spawnSync(command, parameters, { stdio: 'ignore' }).status === 0 && existsSync(made);
}

/** A picture as dcmtk renders it, 8 bits, gray or RGB; undefined where it doesn't. */
export function dcmtkRenders(path: string, frame: number, folder: string, ...parameters: string[]): Buffer | undefined {
  const made = `${folder}/made.pnm`;
  if (!ran('dcmj2pnm', '-O', '+F', String(frame + 1), ...parameters, path, made)) return undefined;
  const bytes = readFileSync(made);
  // "P5", "P6", width, height and the greatest value, each on a line or with a space between.
  const header = /^P[56]\s+\d+\s+\d+\s+\d+\s/.exec(bytes.subarray(0, 60).toString('latin1'));
  return header ? bytes.subarray(header[0].length) : undefined;
}

export const hasWindow = ({ part10 }: Picture): boolean => firstNumber(part10.dataSet, 0x00281050) !== undefined;

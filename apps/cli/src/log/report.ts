import { styleText } from 'node:util';
import type { Checkpoint, Fault } from '@isocenter/ledger';
import { toBase64 } from '@isocenter/ledger';

/** Where the commands write: what stays to `out`, progress to `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Faults that are listed one by one before the rest is counted. */
const LISTED = 20;

export function writeFaults(out: NodeJS.WritableStream, faults: readonly Fault[]): void {
  for (const { kind, message } of faults.slice(0, LISTED))
    out.write(`${styleText('red', kind.toUpperCase())} ${message}\n`);
  if (faults.length > LISTED) out.write(`and ${faults.length - LISTED} more\n`);
}

export const describeCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}: ${size.toLocaleString('en')} ${size === 1 ? 'entry' : 'entries'}, root ${toBase64(root)}`;

/** A line that is written over and over, on a terminal only. */
export function showCount(err: Streams['err'], what: string): (done: number, of: number) => void {
  return (done, of) => {
    if (err.isTTY)
      err.write(`\r${what}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}${done >= of ? '\n' : ''}`);
  };
}

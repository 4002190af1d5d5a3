import { DimseError } from '../dimse-error.ts';

/** The elements of command sets that we use (PS3.7 E.1), always in implicit VR little endian. */
const elements = {
  affectedSopClassUid: [0x0002, 'UI'],
  requestedSopClassUid: [0x0003, 'UI'],
  commandField: [0x0100, 'US'],
  messageId: [0x0110, 'US'],
  messageIdBeingRespondedTo: [0x0120, 'US'],
  moveDestination: [0x0600, 'AE'],
  priority: [0x0700, 'US'],
  commandDataSetType: [0x0800, 'US'],
  status: [0x0900, 'US'],
  errorComment: [0x0902, 'LO'],
  affectedSopInstanceUid: [0x1000, 'UI'],
  remaining: [0x1020, 'US'],
  completed: [0x1021, 'US'],
  failed: [0x1022, 'US'],
  warning: [0x1023, 'US'],
  moveOriginatorAeTitle: [0x1030, 'AE'],
  moveOriginatorMessageId: [0x1031, 'US'],
} as const satisfies Record<string, readonly [number, 'UI' | 'US' | 'AE' | 'LO']>;

type Name = keyof typeof elements;
type ValueOf<N extends Name> = (typeof elements)[N][1] extends 'US' ? number : string;

/** A command set: its elements by what they are called. */
export type CommandSet = { readonly [N in Name]?: ValueOf<N> | undefined } & { readonly commandField: number };

export const CommandField = {
  cStoreRequest: 0x0001,
  cStoreResponse: 0x8001,
  cFindRequest: 0x0020,
  cFindResponse: 0x8020,
  cMoveRequest: 0x0021,
  cMoveResponse: 0x8021,
  cEchoRequest: 0x0030,
  cEchoResponse: 0x8030,
  cCancelRequest: 0x0fff,
  /** Set in every response. */
  response: 0x8000,
} as const;

/** (0000,0800) of a message without data set; any other value means that one follows. */
export const NO_DATA_SET = 0x0101;
export const DATA_SET = 0x0001;

const names = Object.keys(elements) as Name[];
const nameByElement = new Map<number, Name>(names.map((name) => [elements[name][0], name]));
const HEADER = 8;
/** Of LO and AE, in characters. */
const LONGEST = { AE: 16, LO: 64, UI: 64 } as const;

export function encodeCommandSet(command: CommandSet): Buffer {
  const parts = names.flatMap((name) => {
    const value = command[name];
    return value === undefined ? [] : [element(elements[name][0], valueBytes(elements[name][1], value))];
  });
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([element(0x0000, length), body]);
}

function valueBytes(vr: 'UI' | 'US' | 'AE' | 'LO', value: string | number): Buffer {
  if (vr === 'US') {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(Number(value));
    return bytes;
  }
  const text = String(value).slice(0, LONGEST[vr]);
  const pad = vr === 'UI' ? '\0' : ' ';
  return Buffer.from(text.length % 2 === 0 ? text : text + pad, 'latin1');
}

function element(number: number, value: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16LE(number, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

/** @throws DimseError `protocol` when it makes no sense. */
export function decodeCommandSet(bytes: Buffer): CommandSet {
  const found: Partial<Record<Name, string | number>> = {};
  let at = 0;
  while (bytes.length - at >= HEADER) {
    const end = at + HEADER + bytes.readUInt32LE(at + 4);
    if (bytes.readUInt16LE(at) !== 0 || end > bytes.length) throw damaged();
    const name = nameByElement.get(bytes.readUInt16LE(at + 2));
    if (name) {
      const value = decodeValue(elements[name][1], bytes.subarray(at + HEADER, end));
      if (value !== undefined) found[name] = value;
    }
    at = end;
  }
  if (at !== bytes.length || typeof found.commandField !== 'number') throw damaged();
  return found as CommandSet;
}

const damaged = (): DimseError => new DimseError('protocol', 'The peer sent a command set that makes no sense');

function decodeValue(vr: 'UI' | 'US' | 'AE' | 'LO', value: Buffer): string | number | undefined {
  if (vr === 'US') return value.length >= 2 ? value.readUInt16LE(0) : undefined;
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0 || value[end - 1] === 0x20)) end--;
  return value.subarray(0, end).toString('latin1').trimStart();
}

export const hasDataSet = ({ commandDataSetType }: CommandSet): boolean =>
  commandDataSetType !== undefined && commandDataSetType !== NO_DATA_SET;

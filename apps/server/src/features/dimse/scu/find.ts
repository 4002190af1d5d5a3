import {
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  type JsonDataSet,
  readDataSet,
  toJson,
  transferSyntaxOf,
  writeDataSet,
} from '@isocenter/dicom';
import type { DimsePeer } from '../../../platform/config.ts';
import { DimseError } from '../dimse-error.ts';
import { isPending, Status } from '../status.ts';
import type { AcceptedContext, Association, Message } from '../upper-layer/association.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { failure, nextResponse, over } from './exchange.ts';
import { openAssociation, type ScuOptions } from './open-association.ts';

/** Information models (PS3.4 C.6, K.6) that are asked by C-FIND. */
const FIND = {
  study: '1.2.840.10008.5.1.4.1.2.2.1',
  patient: '1.2.840.10008.5.1.4.1.2.1.1',
  worklist: '1.2.840.10008.5.1.4.31',
} as const;

export type Level = 'PATIENT' | 'STUDY' | 'SERIES' | 'IMAGE';

export interface FindQuery {
  /** Default: `study`. */
  readonly model?: keyof typeof FIND;
  /** Not of a worklist, which has none. */
  readonly level?: Level;
  /** Matching keys with a value, return keys without, in the DICOM JSON model. */
  readonly keys: JsonDataSet;
}

/** Of one answer; they are a few hundred bytes. */
const LONGEST_IDENTIFIER = 16 * 1024 * 1024;

/**
 * Asks a peer what it has (C-FIND, PS3.4 Annex C) and yields each match, text decoded by its own character set. Ending
 * early aborts the association.
 */
export async function* find(
  peer: DimsePeer,
  { model = 'study', level, keys }: FindQuery,
  options: ScuOptions,
): AsyncGenerator<JsonDataSet, void, void> {
  const abstractSyntax = FIND[model];
  const transferSyntaxes = [ExplicitVRLittleEndian, ImplicitVRLittleEndian];
  const association = await openAssociation(peer, [{ abstractSyntax, transferSyntaxes }], options);
  yield* over(association, async function* () {
    const context = onlyContext(association);
    const request = {
      commandField: CommandField.cFindRequest,
      affectedSopClassUid: abstractSyntax,
      messageId: 1,
      priority: 0,
    };
    await association.send(context, request, identifier(keys, level, context));
    for (;;) {
      const message = await nextResponse(association, request);
      const { status } = message.command;
      if (!isPending(status)) {
        if (status !== Status.success) throw failure('C-FIND', status);
        return;
      }
      yield await matchIn(message);
    }
  });
}

export function onlyContext(association: Association): AcceptedContext {
  const [context] = association.contexts.values();
  if (!context) throw new DimseError('not-accepted', 'The peer does not accept this query');
  return context;
}

/** The keys in the transfer syntax agreed on, in UTF-8 where they need more than ASCII. */
export async function* identifier(
  keys: JsonDataSet,
  level: Level | undefined,
  { transferSyntax }: AcceptedContext,
): AsyncGenerator<Uint8Array, void, void> {
  const plain = /^[\0-\x7f]*$/.test(JSON.stringify(keys));
  const json: JsonDataSet = {
    ...(!plain && { '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }),
    ...keys,
    ...(level && { '00080052': { vr: 'CS', Value: [level] } }),
  };
  yield writeDataSet(json, { transferSyntaxUid: transferSyntax });
}

async function matchIn({ dataSet, context }: Message): Promise<JsonDataSet> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of dataSet ?? []) {
    length += part.length;
    if (length > LONGEST_IDENTIFIER) throw new DimseError('protocol', 'The peer answered C-FIND with too much');
    parts.push(part);
  }
  try {
    return toJson(readDataSet(Buffer.concat(parts), transferSyntaxOf(context.transferSyntax)));
  } catch (cause) {
    throw new DimseError('protocol', 'The peer answered C-FIND with what is no data set', { cause });
  }
}

import { writeFileMeta } from '@isocenter/dicom';
import type { Ingest } from '../../archive/index.ts';
import type { Area } from '../../directory/index.ts';
import { VERIFICATION } from '../sop-classes.ts';
import { Status, storeStatus } from '../status.ts';
import type { Association, Message } from '../upper-layer/association.ts';
import { CommandField, type CommandSet } from '../upper-layer/command-set.ts';

export interface Serving {
  readonly ingest: Pick<Ingest, 'receive'>;
  readonly area: Area;
  readonly callingAeTitle: string;
  /** How long an association may stand idle between two messages. */
  readonly idleMs: number;
  /** Told when a message is under way and when it is answered, so that stopping can wait for it. */
  readonly onBusy: (busy: boolean) => void;
}

/** What an association came to. */
export interface Served {
  readonly echoed: number;
  readonly stored: number;
  readonly failed: number;
}

/**
 * Answers what comes over an association, one message after the other, until the peer releases it.
 *
 * @throws DimseError when it ends otherwise; what was being received then is not stored.
 */
export async function serveAssociation(association: Association, serving: Serving, served: Served): Promise<void> {
  const counts = served as { -readonly [K in keyof Served]: number };
  for (;;) {
    const message = await association.receive(serving.idleMs);
    if (!message) break;
    serving.onBusy(true);
    const answer = await answerTo(message, serving);
    if (answer.commandField === CommandField.cEchoResponse) counts.echoed++;
    else if (answer.commandField === CommandField.cStoreResponse) {
      // Warnings are successes: the instance is kept.
      if (answer.status === Status.success || answer.status! >>> 12 === 0xb) counts.stored++;
      else counts.failed++;
    }
    if (message.command.commandField !== CommandField.cCancelRequest) await association.send(message.context, answer);
    serving.onBusy(false);
  }
  await association.close();
}

type Answer = CommandSet & { readonly status: number };

async function answerTo(message: Message, serving: Serving): Promise<Answer> {
  const { commandField } = message.command;
  const verification = message.context.abstractSyntax === VERIFICATION;
  if (commandField === CommandField.cEchoRequest && verification) return response(message, { status: Status.success });
  if (commandField === CommandField.cStoreRequest && !verification) return store(message, serving);
  return response(message, { status: Status.unrecognizedOperation });
}

function response({ command }: Message, { status, errorComment }: { status: number; errorComment?: string }): Answer {
  return {
    commandField: command.commandField | CommandField.response,
    affectedSopClassUid: command.affectedSopClassUid,
    messageIdBeingRespondedTo: command.messageId,
    status,
    affectedSopInstanceUid: command.affectedSopInstanceUid,
    ...(errorComment !== undefined && { errorComment }),
  };
}

const isUid = (text: string | undefined): text is string => text !== undefined && /^[0-9.]{1,64}$/.test(text);

/** C-STORE (PS3.4 Annex B): the bytes of the data set go to the archive as they come. */
async function store(message: Message, serving: Serving): Promise<Answer> {
  const { command, context, dataSet } = message;
  const { affectedSopClassUid: sopClassUid, affectedSopInstanceUid: sopInstanceUid } = command;
  if (sopClassUid !== context.abstractSyntax) return response(message, { status: Status.sopClassNotSupported });
  if (!isUid(sopInstanceUid) || !dataSet) return response(message, { status: Status.invalidObjectInstance });
  const meta = writeFileMeta({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid: context.transferSyntax,
    sourceApplicationEntityTitle: serving.callingAeTitle,
  });
  const outcome = await serving.ingest.receive(file(meta, dataSet), {
    area: serving.area,
    actor: { kind: 'service', id: `dimse:${serving.callingAeTitle}` },
  });
  return response(message, storeStatus(outcome));
}

async function* file(meta: Uint8Array, dataSet: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield meta;
  yield* dataSet;
}

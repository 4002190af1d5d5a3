import { acceptedContexts } from '../negotiate.ts';
import {
  type AnsweredContext,
  type AssociateRequest,
  decodeAssociateRequest,
  encodeAssociateAccept,
} from '../upper-layer/associate-pdu.ts';
import { Association, type Message } from '../upper-layer/association.ts';
import type { CommandSet } from '../upper-layer/command-set.ts';
import { Connection } from '../upper-layer/connection.ts';
import { listen } from './loopback.ts';

export interface Script {
  /** What is said to the contexts that are proposed. Default: each is accepted in its first transfer syntax. */
  readonly contexts?: (request: AssociateRequest) => AnsweredContext[];
  /** Answers one message. */
  readonly answer: (message: Message, association: Association) => Promise<unknown>;
}

/** A peer that does what it is told, over a real connection; `requests` are those for associations that it got. */
export async function scriptedPeer({ contexts = acceptAll, answer }: Script) {
  const requests: AssociateRequest[] = [];
  const ends: string[] = [];
  const port = await listen((socket) => {
    const serve = async (): Promise<void> => {
      const connection = new Connection(socket);
      const request = decodeAssociateRequest((await connection.read(5000))!.body)!;
      requests.push(request);
      const answered = contexts(request);
      const { calledAeTitle, callingAeTitle } = request;
      const names = { calledAeTitle, callingAeTitle, implementationClassUid: '1.2', implementationVersionName: 'P' };
      await connection.write(5000, encodeAssociateAccept({ ...names, contexts: answered, maxLength: 16_384 }));
      const agreed = acceptedContexts(request.contexts, answered);
      const association = new Association({ connection, contexts: agreed, peerMaxLength: 0, timeoutMs: 5000 });
      for (let message = await association.receive(); message; message = await association.receive()) {
        await answer(message, association);
      }
      ends.push('released');
      await association.close();
    };
    serve().catch((error: { code?: string }) => ends.push(error.code ?? String(error)));
  });
  return { peer: { aeTitle: 'PEER', host: '127.0.0.1', port }, requests, ends };
}

export const acceptAll = ({ contexts }: AssociateRequest): AnsweredContext[] =>
  contexts.map(({ id, transferSyntaxes }) => ({ id, result: 0, transferSyntax: transferSyntaxes[0]! }));

/** The beginning of a response. */
export const responseTo = ({ command }: Message, more: Partial<CommandSet>): CommandSet => ({
  commandField: command.commandField | 0x8000,
  affectedSopClassUid: command.affectedSopClassUid,
  messageIdBeingRespondedTo: command.messageId,
  ...more,
});

import { ExplicitVRLittleEndian, ImplicitVRLittleEndian, type JsonDataSet } from '@isocenter/dicom';
import type { DimsePeer } from '../../../platform/config.ts';
import { isPending, isWarning, Status } from '../status.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { failure, nextResponse, over } from './exchange.ts';
import { identifier, type Level, onlyContext } from './find.ts';
import { openAssociation, type ScuOptions } from './open-association.ts';

/** Peers needn't tell how far they are, and a study may take its time. */
const RESPONSE_MS = 60 * 60_000;

const MOVE = { study: '1.2.840.10008.5.1.4.1.2.2.2', patient: '1.2.840.10008.5.1.4.1.2.1.2' } as const;

export interface MoveRequest {
  /** Default: `study`. */
  readonly model?: keyof typeof MOVE;
  readonly level: Level;
  /** UIDs down to the level: which to move. */
  readonly keys: JsonDataSet;
  /** The AE title to which the peer shall send; it must know where that is. */
  readonly destination: string;
}

/** Instances, as far as the peer says. */
export interface MoveProgress {
  readonly done: boolean;
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** Asks a peer to send instances to someone (C-MOVE, PS3.4 Annex C), and yields how far it is; `done` the last time. */
export async function* move(
  peer: DimsePeer,
  { model = 'study', level, keys, destination }: MoveRequest,
  options: ScuOptions,
): AsyncGenerator<MoveProgress, void, void> {
  const abstractSyntax = MOVE[model];
  const transferSyntaxes = [ExplicitVRLittleEndian, ImplicitVRLittleEndian];
  const association = await openAssociation(peer, [{ abstractSyntax, transferSyntaxes }], options);
  yield* over(association, async function* () {
    const context = onlyContext(association);
    const request = {
      commandField: CommandField.cMoveRequest,
      affectedSopClassUid: abstractSyntax,
      messageId: 1,
      priority: 0,
      moveDestination: destination,
    };
    await association.send(context, request, identifier(keys, level, context));
    for (let done = false; !done; ) {
      const { command } = await nextResponse(association, request, RESPONSE_MS);
      const { status, remaining = 0, completed = 0, failed = 0, warning = 0 } = command;
      done = !isPending(status);
      if (done && status !== Status.success && !isWarning(status)) throw failure('C-MOVE', status);
      yield { done, remaining, completed, failed, warning };
    }
  });
}

import { ExplicitVRLittleEndian, ImplicitVRLittleEndian } from '@isocenter/dicom';
import type { DimsePeer } from '../../../platform/config.ts';
import { DimseError } from '../dimse-error.ts';
import { VERIFICATION } from '../sop-classes.ts';
import { Status } from '../status.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { failure, nextResponse, over } from './exchange.ts';
import { openAssociation, type ScuOptions } from './open-association.ts';

/** C-ECHO (PS3.4 Annex A): resolves when the peer answers. */
export async function echo(peer: DimsePeer, options: ScuOptions): Promise<void> {
  const transferSyntaxes = [ImplicitVRLittleEndian, ExplicitVRLittleEndian];
  const association = await openAssociation(peer, [{ abstractSyntax: VERIFICATION, transferSyntaxes }], options);
  const exchange = over(association, async function* () {
    const [context] = association.contexts.values();
    if (!context) throw new DimseError('not-accepted', 'The peer does not answer C-ECHO');
    const request = { commandField: CommandField.cEchoRequest, affectedSopClassUid: VERIFICATION, messageId: 1 };
    await association.send(context, request);
    const { status } = (await nextResponse(association, request)).command;
    if (status !== Status.success) throw failure('C-ECHO', status);
    yield status;
  });
  for await (const _ of exchange);
}

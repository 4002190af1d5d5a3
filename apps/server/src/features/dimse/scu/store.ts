import { ExplicitVRLittleEndian, ImplicitVRLittleEndian } from '@isocenter/dicom';
import type { DimsePeer } from '../../../platform/config.ts';
import type { OutgoingInstance } from '../../archive/index.ts';
import { isWarning, Status } from '../status.ts';
import type { AcceptedContext, Association } from '../upper-layer/association.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { nextResponse, over } from './exchange.ts';
import { MOST_CONTEXTS, openAssociation, type ScuOptions } from './open-association.ts';

/** What became of an instance that was sent. */
export interface StoreResult {
  readonly sopInstanceUid: string;
  readonly outcome: 'stored' | 'warning' | 'failed' | 'not-accepted';
  /** As the peer answered; absent when it accepts neither the SOP class nor a transfer syntax that could be had. */
  readonly status?: number;
}

interface Proposal {
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

const DEFAULTS = [ExplicitVRLittleEndian, ImplicitVRLittleEndian];

/**
 * Sends instances (C-STORE, PS3.4 Annex B), each as it is stored when the peer takes its transfer syntax, else in explicit
 * or implicit VR little endian. Instances that need more presentation contexts than an association has go over several.
 *
 * @throws DimseError when the association ends; the results so far were yielded.
 */
export async function* store(
  peer: DimsePeer,
  instances: readonly OutgoingInstance[],
  options: ScuOptions,
): AsyncGenerator<StoreResult, void, void> {
  for (const { batch, proposals } of batches(instances)) {
    const association = await openAssociation(peer, proposals, options);
    yield* over(association, async function* () {
      let messageId = 0;
      for (const instance of batch) yield await send(association, instance, (messageId++ % 0xffff) + 1);
    });
  }
}

/** Groups of instances whose presentation contexts fit into one association. */
function* batches(
  instances: readonly OutgoingInstance[],
): Generator<{ batch: OutgoingInstance[]; proposals: Proposal[] }> {
  let batch: OutgoingInstance[] = [];
  let proposals = new Map<string, Proposal>();
  for (const instance of instances) {
    const needed = new Map([...proposals, ...proposalsFor(instance)]);
    if (needed.size > MOST_CONTEXTS) {
      yield { batch, proposals: [...proposals.values()] };
      [batch, proposals] = [[], new Map(proposalsFor(instance))];
    } else proposals = needed;
    batch.push(instance);
  }
  if (batch.length > 0) yield { batch, proposals: [...proposals.values()] };
}

/** One context for the instance as it is, so that the peer needn't choose, and one for what anybody must take. */
function proposalsFor({ sopClassUid, transferSyntaxUid }: OutgoingInstance): [string, Proposal][] {
  const proposal = (transferSyntaxes: readonly string[]): [string, Proposal] => [
    `${sopClassUid} ${transferSyntaxes.join()}`,
    { abstractSyntax: sopClassUid, transferSyntaxes },
  ];
  return [proposal([transferSyntaxUid]), proposal(DEFAULTS)];
}

async function send(association: Association, instance: OutgoingInstance, messageId: number): Promise<StoreResult> {
  const { sopClassUid, sopInstanceUid } = instance;
  const found = await openDataSet(association, instance);
  if (!found) return { sopInstanceUid, outcome: 'not-accepted' };
  const request = {
    commandField: CommandField.cStoreRequest,
    affectedSopClassUid: sopClassUid,
    messageId,
    priority: 0,
    affectedSopInstanceUid: sopInstanceUid,
  };
  await association.send(found.context, request, found.dataSet);
  const { status } = (await nextResponse(association, request)).command;
  const outcome = status === Status.success ? 'stored' : isWarning(status) ? 'warning' : 'failed';
  return { sopInstanceUid, outcome, status };
}

interface Sendable {
  readonly context: AcceptedContext;
  readonly dataSet: AsyncIterable<Uint8Array>;
}

async function openDataSet(association: Association, instance: OutgoingInstance): Promise<Sendable | undefined> {
  const contexts = [...association.contexts.values()].filter((c) => c.abstractSyntax === instance.sopClassUid);
  const asItIs = contexts.find(({ transferSyntax }) => transferSyntax === instance.transferSyntaxUid);
  if (asItIs) return { context: asItIs, dataSet: instance.dataSet() };
  for (const uid of DEFAULTS) {
    const context = contexts.find(({ transferSyntax }) => transferSyntax === uid);
    const dataSet = context && (await instance.transcoded?.(uid));
    if (dataSet) return { context, dataSet };
  }
  return undefined;
}

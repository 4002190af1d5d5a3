import {
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  isKnownTransferSyntax,
  transferSyntaxOf,
} from '@isocenter/dicom';
import { isStorageSopClass, VERIFICATION } from './sop-classes.ts';
import { type AnsweredContext, ContextResult, type ProposedContext } from './upper-layer/associate-pdu.ts';
import type { AcceptedContext } from './upper-layer/association.ts';

/** What we say to the presentation contexts that a peer proposes. */
export function answerContexts(proposed: readonly ProposedContext[]): AnsweredContext[] {
  return proposed.map(({ id, abstractSyntax, transferSyntaxes }) => {
    const offered = transferSyntaxes[0] ?? ImplicitVRLittleEndian;
    if (abstractSyntax !== VERIFICATION && !isStorageSopClass(abstractSyntax)) {
      return { id, result: ContextResult.abstractSyntaxNotSupported, transferSyntax: offered };
    }
    const transferSyntax = chooseTransferSyntax(transferSyntaxes);
    return transferSyntax === undefined
      ? { id, result: ContextResult.transferSyntaxesNotSupported, transferSyntax: offered }
      : { id, result: ContextResult.acceptance, transferSyntax };
  });
}

/**
 * The first one that we know: peers propose first what they have the instances in, and what they needn't convert comes
 * as it is. Where that is uncompressed, explicit VR little endian goes before implicit, in which private elements would
 * lose their VR.
 */
export function chooseTransferSyntax(proposed: readonly string[]): string | undefined {
  const first = proposed.find(isKnownTransferSyntax);
  if (first === undefined || transferSyntaxOf(first).encapsulated || transferSyntaxOf(first).deflated) return first;
  return proposed.includes(ExplicitVRLittleEndian) ? ExplicitVRLittleEndian : first;
}

/** The contexts that both sides agreed on. */
export function acceptedContexts(
  proposed: readonly ProposedContext[],
  answered: readonly AnsweredContext[],
): AcceptedContext[] {
  const byId = new Map(proposed.map((context) => [context.id, context]));
  return answered.flatMap(({ id, result, transferSyntax }) => {
    const context = byId.get(id);
    if (!context || result !== ContextResult.acceptance) return [];
    return [{ id, abstractSyntax: context.abstractSyntax, transferSyntax }];
  });
}

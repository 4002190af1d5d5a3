import { failureReasons, type StoreOutcome, warningReasons } from '../archive/index.ts';

/** Values of (0000,0900) Status (PS3.7 Annex C, PS3.4). */
export const Status = {
  success: 0x0000,
  pending: 0xff00,
  pendingWithWarning: 0xff01,
  invalidObjectInstance: 0x0117,
  sopClassNotSupported: 0x0122,
  unrecognizedOperation: 0x0211,
} as const;

export const isPending = (status: number): boolean => status === Status.pending || status === Status.pendingWithWarning;

/** 0001, 0107, 0116 and Bxxx (PS3.7 C.3). */
export const isWarning = (status: number): boolean =>
  status === 0x0001 || status === 0x0107 || status === 0x0116 || status >>> 12 === 0xb;

/** As in logs and texts, e.g. `A700`. */
export const formatStatus = (status: number): string => status.toString(16).toUpperCase().padStart(4, '0');

/** What became of an instance that was sent to us, as a status and a word for people. */
export function storeStatus(outcome: StoreOutcome): { readonly status: number; readonly errorComment?: string } {
  if (outcome.kind === 'failed') {
    return { status: failureReasons[outcome.reason].code, errorComment: outcome.detail };
  }
  return { status: outcome.warning ? warningReasons[outcome.warning].code : Status.success };
}

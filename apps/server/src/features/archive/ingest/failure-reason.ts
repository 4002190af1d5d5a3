/**
 * Why an instance was not stored: the values of (0008,1197) Failure Reason that PS3.18 Table I.2-2 and PS3.7 Annex C
 * define, and what happened in words for people. The words never hold values of the data set.
 */
export const failureReasons = {
  'out-of-resources': {
    code: 0xa700,
    text: 'The archive has no room or its storage is not reachable; send the instance again later.',
  },
  'does-not-match-sop-class': {
    code: 0xa900,
    text: 'The data set lacks what every instance needs, or belongs to another study than the one named in the address.',
  },
  'cannot-understand': { code: 0xc000, text: 'The bytes could not be read as a DICOM instance.' },
  'transfer-syntax-not-supported': { code: 0xc122, text: 'The data set cannot be stored in this transfer syntax.' },
  'processing-failure': { code: 0x0110, text: 'The archive could not store the instance; send it again.' },
  'duplicate-sop-instance': {
    code: 0x0111,
    text: 'An instance with this SOP Instance UID and other content is there already. It was kept; nothing was overwritten.',
  },
} as const;

export type FailureReason = keyof typeof failureReasons;

/** Stored, but worth a word: (0008,1196) Warning Reason of PS3.18 Table I.2-1. */
export const warningReasons = {
  /** Data set does not match SOP class: here, the pixel data ends early. */
  'pixel-data-incomplete': {
    code: 0xb007,
    text: 'The pixel data ends before its stated length. It was stored as it came.',
  },
} as const;

export type WarningReason = keyof typeof warningReasons;

export interface InstanceIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What became of one instance that was sent. */
export type StoreOutcome =
  | {
      readonly kind: 'stored';
      readonly instance: InstanceIdentity;
      readonly studyInstanceUid: string;
      readonly seriesInstanceUid: string;
      /** The same data set was there already. */
      readonly alreadyThere: boolean;
      readonly warning?: WarningReason;
    }
  | {
      readonly kind: 'failed';
      /** As far as it could be read. */
      readonly instance: Partial<InstanceIdentity>;
      readonly reason: FailureReason;
      /** What exactly is wrong, naming tags and never values. */
      readonly detail: string;
    };

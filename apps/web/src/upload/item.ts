export const itemStates = ['waiting', 'sending', 'stored', 'failed', 'skipped', 'cancelled'] as const;
export type ItemState = (typeof itemStates)[number];

/** Why an item was not stored, or what was odd about it: a code with a text in the catalogue, or the server's words. */
export type Reason =
  | { readonly kind: 'not-dicom' | 'directory' | 'empty' | 'unreadable' | 'no-outcome' | 'network' }
  | { readonly kind: 'refused' | 'warned'; readonly code: number | null; readonly comment: string }
  | { readonly kind: 'problem'; readonly text: string; readonly requestId: string | null };

/** One file on its way into the archive. */
export interface UploadItem {
  readonly id: number;
  readonly path: string;
  readonly file: File;
  /** Where it goes; null where the server decides. */
  readonly area: number | null;
  state: ItemState;
  sopInstanceUid: string | null;
  reason: Reason | null;
  attempts: number;
}

export type Counts = Readonly<Record<ItemState, number>>;

export interface UploadSnapshot {
  /** Rises with every change, since the items are changed in place. */
  readonly version: number;
  readonly items: readonly UploadItem[];
  readonly counts: Counts;
  readonly running: boolean;
  /** Files are still being found in dropped folders. */
  readonly collecting: boolean;
  readonly bytesTotal: number;
  readonly bytesDone: number;
  /** Bytes a second over the last seconds; null until there is something to say. */
  readonly rate: number | null;
  readonly studyUids: readonly string[];
}

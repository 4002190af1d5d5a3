/** An archive under measurement: where its DICOMweb service is, and what its processes take. */
export interface ArchivePeer {
  readonly name: string;
  /** Of the DICOMweb service, without a slash at its end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Resident memory of all its processes, in bytes; shared pages counted once. */
  memory(): number;
  stop(): Promise<void>;
}

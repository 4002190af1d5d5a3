import type { JsonDataSet, JsonElement } from '@isocenter/dicom';
import { failureReasons, type StoreOutcome, warningReasons } from '../ingest/failure-reason.ts';

export interface StoreResponse {
  /** PS3.18 10.5.3.1. */
  readonly status: 200 | 202 | 409 | 503;
  readonly body: JsonDataSet;
}

/** The Store Instances Response Module (PS3.18 Table I.1-1) of what became of the instances. */
export function storeResponse(outcomes: readonly StoreOutcome[], base: string): StoreResponse {
  const stored = outcomes.filter((outcome) => outcome.kind === 'stored');
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  const named = failed.filter(({ instance }) => instance.sopInstanceUid !== undefined);
  const unnamed = failed.filter(({ instance }) => instance.sopInstanceUid === undefined);
  const body: JsonDataSet = { '00081190': retrieveUrl(stored, base) };
  if (named.length > 0) body['00081198'] = { vr: 'SQ', Value: named.map(failure) };
  if (stored.length > 0) body['00081199'] = { vr: 'SQ', Value: stored.map((outcome) => reference(outcome, base)) };
  if (unnamed.length > 0) body['0008119A'] = { vr: 'SQ', Value: unnamed.map(failure) };
  return { status: statusOf(stored, failed), body };
}

type Stored = Extract<StoreOutcome, { kind: 'stored' }>;
type Failed = Extract<StoreOutcome, { kind: 'failed' }>;

/** Of the study; always there (type 2), and empty where there is none or more than one. */
function retrieveUrl(stored: readonly Stored[], base: string): JsonElement {
  const studies = new Set(stored.map(({ studyInstanceUid }) => studyInstanceUid));
  return studies.size === 1 ? { vr: 'UR', Value: [`${base}/studies/${[...studies][0]}`] } : { vr: 'UR' };
}

function statusOf(stored: readonly Stored[], failed: readonly Failed[]): StoreResponse['status'] {
  if (failed.length === 0) return stored.some(({ warning }) => warning) ? 202 : 200;
  if (stored.length > 0) return 202;
  return failed.every(({ reason }) => reason === 'out-of-resources') ? 503 : 409;
}

function reference({ instance, studyInstanceUid, seriesInstanceUid, warning }: Stored, base: string): JsonDataSet {
  const url = `${base}/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${instance.sopInstanceUid}`;
  return {
    '00081150': { vr: 'UI', Value: [instance.sopClassUid] },
    '00081155': { vr: 'UI', Value: [instance.sopInstanceUid] },
    '00081190': { vr: 'UR', Value: [url] },
    ...(warning && { '00081196': { vr: 'US', Value: [warningReasons[warning].code] } }),
  };
}

/** With Error Comment, which PS3.7 C.4 has for the same purpose, so that people needn't look up the code. */
function failure({ instance, reason, detail }: Failed): JsonDataSet {
  const { code, text } = failureReasons[reason];
  return {
    '00000902': { vr: 'LO', Value: [`${text} ${detail}.`] },
    ...(instance.sopClassUid && { '00081150': { vr: 'UI', Value: [instance.sopClassUid] } }),
    ...(instance.sopInstanceUid && { '00081155': { vr: 'UI', Value: [instance.sopInstanceUid] } }),
    '00081197': { vr: 'US', Value: [code] },
  };
}

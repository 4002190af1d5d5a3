import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { StudyUid } from './ids.ts';
import { repeated, wholeNumber } from './query.ts';
import { Outcome } from './tracer.ts';
import { TracerAction } from './tracer-actions.ts';

/** More leaves than any log gets, and within what numbers hold exactly. */
const MOST_LEAVES = 2 ** 52;

const leaf = z.number().int().nonnegative();
const Hash = z.base64().length(44).describe('SHA-256 as base64');

/** A leaf of the log with its bytes. */
export const LogRow = z
  .object({
    leaf,
    body: z
      .string()
      .describe('The entry, a LogEntry as canonical JSON: just the bytes that the tree holds the hash of'),
  })
  .meta({ id: 'LogRow' });
export type LogRow = z.infer<typeof LogRow>;

export const LogPage = z
  .object({
    items: z.array(LogRow).describe('The newest first'),
    next: z.string().nullable().describe('For the next page; null when there is none'),
    searchedTo: z.iso
      .datetime()
      .nullable()
      .describe(
        'Set when the page is short because it looked at 2,000 entries without finding more: how far back that was',
      ),
  })
  .meta({ id: 'LogPage' });
export type LogPage = z.infer<typeof LogPage>;

const word = z.string().trim().min(1).max(220).optional();

export const LogQuery = z.strictObject({
  actor: word.describe('Who, as `user:ada`'),
  object: word.describe('With what, as `study:…` with the pseudonym of the study'),
  study: StudyUid.optional().describe('With which study, by its UID'),
  action: repeated(TracerAction),
  project: word,
  outcome: repeated(Outcome),
  from: z.iso.datetime().optional().describe('At this time or later'),
  to: z.iso.datetime().optional().describe('Before this time'),
  after: z
    .string()
    .regex(/^\d{1,15}-\d{1,16}$/, 'is not what a page gave for the next one')
    .optional(),
  limit: wholeNumber(1, 200).default(50),
});
export type LogQuery = z.output<typeof LogQuery>;

export const listLogEntries = defineEndpoint({
  name: 'listLogEntries',
  method: 'GET',
  path: '/api/log/entries',
  action: 'log.read',
  summary: 'Entries of the tracer, the newest first',
  description:
    'Who may not read all entries gets their own. Entries that were recorded a moment ago may not have their place yet.',
  tag: 'Tracer',
  query: LogQuery,
  response: LogPage,
});

export const getLogEntry = defineEndpoint({
  name: 'getLogEntry',
  method: 'GET',
  path: '/api/log/entries/{leaf}',
  action: 'log.read',
  summary: 'One entry of the tracer, by its leaf',
  tag: 'Tracer',
  params: z.strictObject({ leaf: wholeNumber(0, MOST_LEAVES) }),
  response: LogRow,
  errors: ['not-found'],
});

export const LogInfo = z
  .object({
    origin: z.string().describe('The name of the log'),
    key: z.string().describe('The public key that signs it, as a verifier key of C2SP signed-note'),
    size: leaf,
    sees: z
      .enum(['all', 'projects', 'own'])
      .describe(
        'Which entries the caller finds: all, their own and those of projects whose data they manage, or their own',
      ),
  })
  .meta({ id: 'LogInfo' });
export type LogInfo = z.infer<typeof LogInfo>;

export const getLogInfo = defineEndpoint({
  name: 'getLogInfo',
  method: 'GET',
  path: '/api/log',
  action: 'log.read',
  summary: 'The name, key and size of the log',
  tag: 'Tracer',
  response: LogInfo,
});

export const InclusionProof = z
  .object({ leaf, size: leaf, leafHash: Hash, hashes: z.array(Hash) })
  .meta({ id: 'InclusionProof' });
export type InclusionProof = z.infer<typeof InclusionProof>;

export const getInclusionProof = defineEndpoint({
  name: 'getInclusionProof',
  method: 'GET',
  path: '/api/log/proof/inclusion',
  action: 'log.read',
  summary: 'The proof that a leaf is in the tree of a size (RFC 9162 2.1.3)',
  tag: 'Tracer',
  query: z.strictObject({
    leaf: wholeNumber(0, MOST_LEAVES),
    size: wholeNumber(1, MOST_LEAVES).optional().describe('That of the checkpoint unless said'),
  }),
  response: InclusionProof,
});

export const ConsistencyProof = z
  .object({ from: leaf, to: leaf, hashes: z.array(Hash) })
  .meta({ id: 'ConsistencyProof' });
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;

export const getConsistencyProof = defineEndpoint({
  name: 'getConsistencyProof',
  method: 'GET',
  path: '/api/log/proof/consistency',
  action: 'log.read',
  summary: 'The proof that a tree is how a later one begins (RFC 9162 2.1.4)',
  tag: 'Tracer',
  query: z.strictObject({
    from: wholeNumber(0, MOST_LEAVES),
    to: wholeNumber(0, MOST_LEAVES).optional().describe('The size of the checkpoint unless said'),
  }),
  response: ConsistencyProof,
});

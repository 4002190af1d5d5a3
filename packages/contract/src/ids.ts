import { z } from 'zod';

/**
 * A DICOM unique identifier as PS3.5 9.1 bounds it: digits and dots, at most 64. Components with leading zeros break
 * the standard but are found in real files, so they pass.
 */
const uid = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)*$/, 'must be a DICOM UID: digits and dots')
  .max(64);

export const StudyUid = uid.brand<'StudyUid'>();
export type StudyUid = z.infer<typeof StudyUid>;

export const SeriesUid = uid.brand<'SeriesUid'>();
export type SeriesUid = z.infer<typeof SeriesUid>;

export const InstanceUid = uid.brand<'InstanceUid'>();
export type InstanceUid = z.infer<typeof InstanceUid>;

export const JobId = z.uuid().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

export const NotificationId = z.uuid().brand<'NotificationId'>();
export type NotificationId = z.infer<typeof NotificationId>;

export const OrganisationId = z.uuid().brand<'OrganisationId'>();
export type OrganisationId = z.infer<typeof OrganisationId>;

export const SiteId = z.uuid().brand<'SiteId'>();
export type SiteId = z.infer<typeof SiteId>;

export const ProjectId = z.uuid().brand<'ProjectId'>();
export type ProjectId = z.infer<typeof ProjectId>;

export const PersonId = z.uuid().brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

export const MembershipId = z.uuid().brand<'MembershipId'>();
export type MembershipId = z.infer<typeof MembershipId>;

export const SessionId = z.uuid().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const AccessTokenId = z.uuid().brand<'AccessTokenId'>();
export type AccessTokenId = z.infer<typeof AccessTokenId>;

export const NodeId = z.uuid().brand<'NodeId'>();
export type NodeId = z.infer<typeof NodeId>;

export const JoinTokenId = z.uuid().brand<'JoinTokenId'>();
export type JoinTokenId = z.infer<typeof JoinTokenId>;

/** The place of a zone's data that belong to one project and one site. */
export const AreaId = z.int().positive().brand<'AreaId'>();
export type AreaId = z.infer<typeof AreaId>;

/** Names a person, a program or a node that calls; stable over its sessions. */
export const CallerId = z.string().min(1).max(200).brand<'CallerId'>();
export type CallerId = z.infer<typeof CallerId>;

/** The lower-case hexadecimal SHA-256 of an object's bytes. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** Throws for anything else. */
export const parseSha256 = (text: string): Sha256 => Sha256.parse(text);

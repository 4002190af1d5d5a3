import type { EndpointDefinition } from './endpoint.ts';
import { cancelJob, getJob, listJobs, retryJob } from './jobs.ts';
import { getConsistencyProof, getInclusionProof, getLogEntry, getLogInfo, listLogEntries } from './log.ts';
import { listNotifications, readAllNotifications, readNotification } from './notifications.ts';
import { createSession, endSession, getMe } from './session.ts';
import { getLiveness, getReadiness, getStatus } from './status.ts';
import { getStudy, listStudies } from './studies.ts';

/** Every operation of the JSON API, by name. */
export const endpoints = {
  getMe,
  createSession,
  endSession,
  listStudies,
  getStudy,
  listJobs,
  getJob,
  cancelJob,
  retryJob,
  listNotifications,
  readNotification,
  readAllNotifications,
  getStatus,
  getLiveness,
  getReadiness,
  getLogInfo,
  listLogEntries,
  getLogEntry,
  getInclusionProof,
  getConsistencyProof,
} as const satisfies Record<string, EndpointDefinition>;

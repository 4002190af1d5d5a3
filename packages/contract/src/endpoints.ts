import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  endEverySession,
  endOneSession,
  getAccount,
  listSessions,
  removeSecondFactor,
  renewRecoveryCodes,
  updateAccount,
} from './account.ts';
import type { EndpointDefinition } from './endpoint.ts';
import { cancelJob, getJob, listJobs, retryJob } from './jobs.ts';
import { getConsistencyProof, getInclusionProof, getLogEntry, getLogInfo, listLogEntries } from './log.ts';
import { createJoinToken, getNodeSelf, joinNode, listNodes, removeNode } from './nodes.ts';
import { listNotifications, readAllNotifications, readNotification } from './notifications.ts';
import {
  createOrganisation,
  createSite,
  deleteOrganisation,
  deleteSite,
  listOrganisations,
  updateOrganisation,
  updateSite,
} from './organisations.ts';
import { getPerson, listPeople, updatePerson } from './people.ts';
import {
  addMember,
  addProjectSite,
  createProject,
  getProject,
  listProjects,
  removeMember,
  removeProjectSite,
  updateProject,
} from './projects.ts';
import { createSession, endSession, getMe } from './session.ts';
import { getInteraction, getSignInOffer, signInHere } from './sign-in.ts';
import { getLiveness, getReadiness, getStatus } from './status.ts';
import { getStudy, listStudies } from './studies.ts';
import { createAccessToken, listAccessTokens, revokeAccessToken } from './tokens.ts';

/** Every operation of the JSON API, by name. */
export const endpoints = {
  getMe,
  createSession,
  endSession,
  getAccount,
  updateAccount,
  changePassword,
  beginSecondFactor,
  confirmSecondFactor,
  renewRecoveryCodes,
  removeSecondFactor,
  listSessions,
  endOneSession,
  endEverySession,
  getSignInOffer,
  getInteraction,
  signInHere,
  listAccessTokens,
  createAccessToken,
  revokeAccessToken,
  listNodes,
  createJoinToken,
  joinNode,
  getNodeSelf,
  removeNode,
  listStudies,
  getStudy,
  listOrganisations,
  createOrganisation,
  updateOrganisation,
  deleteOrganisation,
  createSite,
  updateSite,
  deleteSite,
  listProjects,
  getProject,
  createProject,
  updateProject,
  addProjectSite,
  removeProjectSite,
  addMember,
  removeMember,
  listPeople,
  getPerson,
  updatePerson,
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

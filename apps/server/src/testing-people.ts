import { randomUUID } from 'node:crypto';
import type {
  AccessTokenId,
  MembershipId,
  NodeRole,
  OrganisationId,
  PersonId,
  PersonState,
  ProjectId,
  ProjectRole,
  SiteId,
  TokenScope,
} from '@isocenter/contract';
import { TOKEN_SCOPES, ZONES } from '@isocenter/contract';
import { preparePassword, setPassword } from './features/accounts/index.ts';
import { insertAreas } from './features/directory/areas/area-store.ts';
import { insertPerson, rightsChanged } from './features/directory/index.ts';
import { insertOrganisation, insertSite } from './features/directory/organisations/organisation-store.ts';
import { insertMembership, insertProject, insertProjectSite } from './features/directory/projects/project-store.ts';
import { insertToken } from './features/tokens/token-store.ts';
import type { Database } from './platform/database/database.ts';
import { newSecret, sha256 } from './platform/secret.ts';

/** A project with sites, as tests need them: everything in it is named after its code. */
export interface MadeProject {
  readonly id: ProjectId;
  readonly code: string;
  readonly sites: Readonly<Record<string, SiteId>>;
}

/** Makes a project whose sites (of one organisation) have areas in every zone. */
export async function makeProject(
  database: Database,
  code: string,
  siteCodes: readonly string[],
): Promise<MadeProject> {
  const id = randomUUID() as ProjectId;
  const organisationId = randomUUID() as OrganisationId;
  const sites = Object.fromEntries(siteCodes.map((site) => [site, randomUUID() as SiteId]));
  await database.transaction(async (tx) => {
    await insertOrganisation(tx, { id: organisationId, name: `Organisation of ${code}` });
    await insertProject(tx, { id, code, name: `Project ${code}` });
    for (const [site, siteId] of Object.entries(sites)) {
      await insertSite(tx, { id: siteId, organisationId, code: site, name: `Site ${site}` });
      await insertProjectSite(tx, id, siteId);
      await insertAreas(tx, ZONES, id, siteId);
    }
  });
  return { id, code, sites };
}

export interface PersonToMake {
  readonly name: string;
  /** By default made from the name. */
  readonly email?: string;
  readonly state?: PersonState;
  /** Without one they can't sign in, but have a token. */
  readonly password?: string;
  readonly nodeRoles?: readonly NodeRole[];
  readonly roles?: readonly { readonly project: ProjectId; readonly role: ProjectRole; readonly site?: SiteId }[];
  /** Of their token; all of them unless said. */
  readonly scopes?: readonly TokenScope[];
}

export interface MadePerson {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  /** A personal access token. */
  readonly token: string;
}

async function makeToken(database: Database, person: PersonId, scopes: readonly TokenScope[], expiresAt: Date) {
  const token = `isct_${newSecret()}`;
  const id = randomUUID() as AccessTokenId;
  const ending = token.slice(-4);
  await insertToken(database.db, { id, person, name: 'for tests', hash: sha256(token), ending, scopes, expiresAt });
  return token;
}

const TOKEN_DAYS = 30;

/** Makes someone with roles, and a token to call with. */
export async function makePerson(database: Database, person: PersonToMake): Promise<MadePerson> {
  const { name, state = 'active', nodeRoles = [], roles = [], scopes = TOKEN_SCOPES } = person;
  const id = randomUUID() as PersonId;
  const email = person.email ?? `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`;
  const password = person.password === undefined ? undefined : await preparePassword(person.password, []);
  await database.transaction(async (tx) => {
    if (!(await insertPerson(tx, { id, name, email, state, nodeRoles }))) throw new Error(`${email} is there already`);
    if (password) await setPassword(tx, id, password);
    for (const { project, role, site = null } of roles) {
      const membership = { id: randomUUID() as MembershipId, personId: id, projectId: project, role, siteId: site };
      await insertMembership(tx, membership);
    }
    await rightsChanged(tx, id);
  });
  const expiresAt = new Date(Date.now() + TOKEN_DAYS * 86_400_000);
  const token = await makeToken(database, id, scopes, expiresAt);
  return { id, name, email, token };
}

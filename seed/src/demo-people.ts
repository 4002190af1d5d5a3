import { randomBytes } from 'node:crypto';
import { type Client, createClient } from '@isocenter/client';
import type { AreaId, NodeRole, PersonDetail, ProjectId, ProjectRole, SiteId } from '@isocenter/contract';
import type { Server } from './dicomweb.ts';
import { type Hospital, hospitals } from './series/scanner.ts';

/** Of people who sign in by a click; the server knows the domain as nobody's. */
const DOMAIN = 'demo.isocenter.example';

interface DemoPerson {
  /** What stands before the @. */
  readonly account: string;
  readonly name: string;
  readonly nodeRole?: NodeRole;
  readonly role?: ProjectRole;
  readonly hospital?: Hospital;
}

/** One for every role; they are called as what they do. */
const people: readonly DemoPerson[] = [
  { account: 'administrator', name: 'Demo administrator', nodeRole: 'administrator' },
  { account: 'auditor', name: 'Demo auditor', nodeRole: 'auditor' },
  {
    account: 'collector',
    name: 'Demo data collector, Northbridge',
    role: 'data-collector',
    hospital: hospitals.north,
  },
  { account: 'raccolta', name: 'Demo data collector, Lago', role: 'data-collector', hospital: hospitals.lake },
  { account: 'curator', name: 'Demo data curator, Northbridge', role: 'data-curator', hospital: hospitals.north },
  { account: 'manager', name: 'Demo data manager, Northbridge', role: 'data-manager', hospital: hospitals.north },
  { account: 'annotator', name: 'Demo annotator', role: 'annotator' },
  { account: 'researcher', name: 'Demo researcher', role: 'researcher' },
  { account: 'committee', name: 'Demo access committee member', role: 'access-committee-member' },
  { account: 'developer', name: 'Demo tool developer', role: 'tool-developer' },
];

/** Where the images of a hospital go, by its code. */
export type LandingAreas = ReadonlyMap<string, AreaId>;

/** Makes the demo's project, its hospitals and its people, as far as they are not there. */
export async function makeDemoPeople({ url, token }: Server, signal: AbortSignal): Promise<LandingAreas> {
  const client = createClient({ baseUrl: url, token });
  const project = await ensureProject(client);
  const sites = new Map<string, SiteId>();
  for (const hospital of Object.values(hospitals)) {
    const siteId = await ensureSite(client, hospital);
    await client.addProjectSite({ params: { id: project, siteId } });
    sites.set(hospital.code, siteId);
  }
  for (const person of people) {
    signal.throwIfAborted();
    await ensurePerson(client, person, project, sites);
  }
  return landingAreas(client);
}

async function ensureProject(client: Client): Promise<ProjectId> {
  const { items } = await client.listProjects();
  const known = items.find(({ code }) => code === 'demo');
  const made = {
    code: 'demo',
    name: 'Example imaging study',
    description: 'Prostate, brain and chest of two hospitals',
  };
  return (known ?? (await client.createProject({ body: made }))).id;
}

async function ensureSite(client: Client, { name, code }: Hospital): Promise<SiteId> {
  const { items } = await client.listOrganisations();
  const known = items.flatMap(({ sites }) => sites).find((site) => site.code === code.toLowerCase());
  if (known) return known.id;
  const organisation =
    items.find((each) => each.name === name) ?? (await client.createOrganisation({ body: { name } }));
  return (await client.createSite({ body: { organisationId: organisation.id, code: code.toLowerCase(), name } })).id;
}

async function ensurePerson(
  client: Client,
  { account, name, nodeRole, role, hospital }: DemoPerson,
  project: ProjectId,
  sites: ReadonlyMap<string, SiteId>,
): Promise<void> {
  const person = await ensureAccount(client, `${account}@${DOMAIN}`, name, nodeRole === undefined ? [] : [nodeRole]);
  if (role === undefined || person.memberships.length > 0) return;
  const siteId = hospital === undefined ? null : (sites.get(hospital.code) ?? null);
  await client.addMember({ params: { id: project }, body: { personId: person.id, role, siteId } });
}

/** Nobody knows the password, which nobody needs. */
async function ensureAccount(
  client: Client,
  email: string,
  name: string,
  nodeRoles: NodeRole[],
): Promise<PersonDetail> {
  const [known] = (await client.listPeople({ query: { q: email } })).items;
  if (known && known.state !== 'invited') return client.getPerson({ params: { id: known.id } });
  const { address } = known
    ? await client.makePersonLink({ params: { id: known.id } })
    : (await client.invitePerson({ body: { name, email, nodeRoles } })).link;
  const key = new URL(address).hash.slice(1);
  await client.useLink({ body: { key, password: randomBytes(24).toString('base64url') } });
  const [made] = (await client.listPeople({ query: { q: email } })).items;
  return client.getPerson({ params: { id: made!.id } });
}

async function landingAreas(client: Client): Promise<LandingAreas> {
  const { storeAreas } = await client.getMe();
  return new Map(
    Object.values(hospitals).flatMap(({ name, code }): [string, AreaId][] => {
      const area = storeAreas.find(({ zone, siteName }) => zone === 'landing' && siteName === name);
      return area ? [[code, area.id]] : [];
    }),
  );
}

import { CookieJar, makePerson, startTestServer, testServer } from '@isocenter/testkit';
import { describe, expect, test } from 'vitest';
import { makeDemoPeople } from './demo-people.ts';

const { signal } = new AbortController();

interface Offer {
  readonly demo: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}
const offerOf = async (url: string): Promise<Offer> =>
  (await fetch(new URL('/api/sign-in', url))).json() as Promise<Offer>;

describe('the people of the demo', () => {
  const server = testServer({}, { demo: true });

  test('[IAM-1] are one for every role, made once, and sign in by a click', async () => {
    const first = await makeDemoPeople(server, signal);
    expect([...first.keys()]).toEqual(['NB', 'CL']);
    expect(await makeDemoPeople(server, signal)).toEqual(first);
    const { demo } = await offerOf(server.url);
    expect(demo.map(({ role }) => role)).toEqual([
      'administrator',
      'auditor',
      'data-collector',
      'data-collector',
      'data-curator',
      'data-manager',
      'annotator',
      'researcher',
      'access-committee-member',
      'tool-developer',
    ]);
    for (const { id, name, role } of demo) {
      const jar = new CookieJar(server.url);
      expect((await jar.post('/api/session/demo', { id })).status).toBe(204);
      expect(await (await jar.fetch('/api/me')).json()).toMatchObject({ id, name, roles: [role] });
    }
  });

  test('[IAM-1] are the only ones who sign in so', async () => {
    const { id } = await makePerson(server.database, { name: 'Someone real', nodeRoles: ['administrator'] });
    expect((await new CookieJar(server.url).post('/api/session/demo', { id })).status).toBe(404);
    expect((await offerOf(server.url)).demo.map((each) => each.id)).not.toContain(id);
    const [someone] = (await offerOf(server.url)).demo;
    const elsewhere = await fetch(new URL('/api/session/demo', server.url), {
      method: 'POST',
      body: JSON.stringify({ id: someone!.id }),
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
    });
    expect(elsewhere.status).toBe(403);
  });
});

describe('without the demo', () => {
  const server = testServer();

  test('[IAM-1] nobody signs in by a click, not even people of its domain', async () => {
    const { id } = await makePerson(server.database, {
      name: 'Left over',
      email: 'administrator@demo.isocenter.example',
      nodeRoles: ['administrator'],
    });
    expect((await offerOf(server.url)).demo).toEqual([]);
    expect((await new CookieJar(server.url).post('/api/session/demo', { id })).status).toBe(404);
  });

  test.each([{ ISOCENTER_HOST: '0.0.0.0' }, { ISOCENTER_PUBLIC_URL: 'https://images.example.org' }])(
    '[IAM-1] a server that others reach does not start as one: %o',
    async (env) => {
      await expect(startTestServer(env, { demo: true })).rejects.toThrow(/this machine only/);
    },
  );
});

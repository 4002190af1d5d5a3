import { type LogEntry, objectKey } from '@isocenter/contract';
import { CookieJar, makePerson, makeProject, signInAs, testServer } from '@isocenter/testkit';
import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';

const server = testServer();
const password = 'granite teapot lantern';

/** Every entry since a place, in the order in which it was recorded. */
async function entries(): Promise<LogEntry[]> {
  const { rows } = await server.database.pool.query<{ body: string }>(
    `select body from (select 0 as waits, leaf as place, body from log_entry union all select 1, seq, body from log_pending)
     as entry order by waits, place`,
  );
  return rows.map(({ body }) => JSON.parse(body) as LogEntry);
}

type Call = (method: string, path: string, body?: unknown) => Promise<Response>;

const asAdministrator: Call = (method, path, body) =>
  server.fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

/** What a call records, as `action kind:id …`, without who did it; it must succeed. */
async function recorded(
  call: Call,
  method: string,
  path: string,
  body?: unknown,
): Promise<[string[], LogEntry[], unknown]> {
  const before = (await entries()).length;
  const answer = await call(method, path, body);
  const text = await answer.text();
  expect([method, path, answer.ok, text]).toEqual([method, path, true, text]);
  const found = (await entries()).slice(before);
  const lines = found.map(({ action, objects }) => [action, ...objects.map(objectKey)].join(' '));
  return [lines, found, text === '' ? undefined : JSON.parse(text)];
}

test('[TRACE-3.2] organisations, sites, projects and roles: who changed what, from what to what', async () => {
  const person = await makePerson(server.database, { name: 'Ada Example' });
  const make = async (path: string, body: unknown): Promise<string> =>
    ((await recorded(asAdministrator, 'POST', path, body))[2] as { id: string }).id;
  const organisation = await make('/api/organisations', { name: 'North Hospital' });
  const site = await make('/api/sites', { organisationId: organisation, code: 'nh', name: 'North' });
  const project = await make('/api/projects', { code: 'p1', name: 'Prostate' });
  const check = async (expected: string[], method: string, path: string, body?: unknown) => {
    const [lines, found, result] = await recorded(asAdministrator, method, path, body);
    expect(lines).toEqual(expected);
    for (const { actor, outcome } of found)
      expect([actor, outcome]).toEqual([{ kind: 'user', id: 'bootstrap' }, 'done']);
    return { found, result: result as Record<string, string> };
  };
  await check([`organisation.change organisation:${organisation}`], 'PATCH', `/api/organisations/${organisation}`, {
    name: 'N',
  });
  await check([`organisation.change site:${site}`], 'PATCH', `/api/sites/${site}`, { name: 'N' });
  await check([`project.change project:${project}`], 'PATCH', `/api/projects/${project}`, {
    description: 'All of them',
  });
  const path = `/api/projects/${project}`;
  await check([`project.change project:${project} site:${site}`], 'PUT', `${path}/sites/${site}`);
  const role = { personId: person.id, role: 'data-curator', siteId: site };
  const member = await check(
    [`member.add person:${person.id} project:${project} site:${site}`],
    'POST',
    `${path}/members`,
    role,
  );
  expect(member.found[0]).toMatchObject({ project, changes: [{ field: 'role', new: 'data-curator' }] });
  const gone = await check(
    [`member.remove person:${person.id} project:${project} site:${site}`],
    'DELETE',
    `${path}/members/${member.result.id}`,
  );
  expect(gone.found[0]).toMatchObject({ changes: [{ field: 'role', old: 'data-curator' }] });
  await check([`project.change project:${project} site:${site}`], 'DELETE', `${path}/sites/${site}`);
  await check([`organisation.change site:${site}`], 'DELETE', `/api/sites/${site}`);
  await check([`organisation.change organisation:${organisation}`], 'DELETE', `/api/organisations/${organisation}`);
  const promoted = await check([`person.change person:${person.id}`], 'PATCH', `/api/people/${person.id}`, {
    name: 'Ada Lovely',
    nodeRoles: ['auditor'],
  });
  expect(promoted.found[0]?.changes).toEqual([{ field: 'name' }, { field: 'node roles', old: [], new: ['auditor'] }]);
  const log = JSON.stringify(await entries());
  for (const name of ['Ada', 'Lovely', person.email]) expect([name, log.includes(name)]).toEqual([name, false]);
});

test('[TRACE-3.2] one’s own account, its tokens and sessions', async () => {
  const person = await makePerson(server.database, { name: 'Bea Example', password });
  const jar = new CookieJar(server.url);
  await signInAs(jar, { email: person.email, password });
  const call: Call = (method, path, body) =>
    body === undefined ? jar.fetch(path, { method }) : jar.post(path, body, method);
  const check = async (expected: string[], method: string, path: string, body?: unknown) => {
    const [lines, found, result] = await recorded(call, method, path, body);
    expect(lines).toEqual(expected);
    for (const { actor } of found) expect(actor).toEqual({ kind: 'user', id: person.id });
    return result as Record<string, string>;
  };
  const changed = [`account.change person:${person.id}`];
  await check(changed, 'PATCH', '/api/account', { name: 'Bea' });
  const { secret } = await check([], 'POST', '/api/account/second-factor', { password });
  const code = new TOTP({ secret: secret! }).generate();
  await check(changed, 'POST', '/api/account/second-factor/confirm', { code });
  await check(changed, 'POST', '/api/account/recovery-codes', { password });
  await check(changed, 'POST', '/api/account/second-factor/remove', { password });
  const next = 'velvet harbour compass';
  await check([...changed, `session.end-all person:${person.id}`], 'POST', '/api/account/password', {
    current: password,
    password: next,
  });
  const [lines, , token] = await recorded(call, 'POST', '/api/tokens', { name: 'x', scopes: ['account'] });
  const { id } = token as { id: string };
  expect(lines).toEqual([`token.create token:${id} person:${person.id}`]);
  await check([`token.revoke token:${id} person:${person.id}`], 'DELETE', `/api/tokens/${id}`);

  const other = new CookieJar(server.url);
  await signInAs(other, { email: person.email, password: next });
  const { items } = (await (await jar.fetch('/api/account/sessions')).json()) as {
    items: { id: string; current: boolean }[];
  };
  const { id: session } = items.find(({ current }) => !current)!;
  await check([`session.end session:${session}`], 'DELETE', `/api/account/sessions/${session}`);
  await check([`session.end-all person:${person.id}`], 'DELETE', '/api/account/sessions');
});

test('[TRACE-3.2] signing in with the provider, and failing to', async () => {
  const person = await makePerson(server.database, { name: 'Cleo Example', password });
  const before = (await entries()).length;
  const jar = new CookieJar(server.url);
  await expect(signInAs(jar, { email: person.email, password: 'wrong' })).rejects.toThrow();
  await expect(signInAs(jar, { email: person.email, password: 'wrong again' })).rejects.toThrow();
  await signInAs(jar, { email: person.email, password });
  await jar.fetch('/api/session', { method: 'DELETE' });
  const found = (await entries()).slice(before);
  const actor = { kind: 'user', id: person.id };
  expect(found).toMatchObject([
    { action: 'session.fail', actor: { kind: 'user', id: 'unknown' }, outcome: 'denied' },
    { action: 'session.begin', actor },
    { action: 'session.end', actor },
  ]);
});

test('[TRACE-3.2] accounts that are asked for, decided on and led to a new password, and terms of use', async () => {
  const asked = { name: 'Dora Example', email: 'dora@example.org', organisation: 'North', purpose: '', password };
  const [registered, , answer] = await recorded(asAdministrator, 'POST', '/api/registrations', asked);
  expect(answer).toEqual({ next: 'approval' });
  const { items } = (await (await server.fetch('/api/people?q=dora')).json()) as { items: { id: string }[] };
  const { id } = items[0]!;
  expect(registered).toEqual([`person.register person:${id}`]);
  const path = `/api/people/${id}`;
  const check = async (expected: string[], method: string, address: string, body?: unknown) => {
    const [lines, , result] = await recorded(asAdministrator, method, address, body);
    expect([address, lines]).toEqual([address, expected]);
    return result as { id: string; address: string; person: { id: string }; link: { address: string } };
  };
  const ended = `session.end-all person:${id}`;
  await check([`person.refuse person:${id}`], 'POST', `${path}/refuse`);
  await check([`person.admit person:${id}`], 'POST', `${path}/approve`, {});
  const { address } = await check([`person.reset person:${id}`], 'POST', `${path}/link`);
  const key = new URL(address).hash.slice(1);
  await check([], 'POST', '/api/links/look', { key });
  await check([`account.change person:${id}`, ended], 'POST', '/api/links/use', {
    key,
    password: 'velvet harbour compass',
  });
  await check([`person.change person:${id}`, ended], 'DELETE', `${path}/second-factor`);
  await check([ended], 'DELETE', `${path}/sessions`);
  await check([ended, `person.lock person:${id}`], 'POST', `${path}/lock`);
  await check([], 'POST', '/api/password-resets', { email: asked.email });
  const invited = await recorded(asAdministrator, 'POST', '/api/invitations', {
    name: 'Emil',
    email: 'emil@example.org',
  });
  const emil = invited[2] as { person: { id: string }; link: { address: string } };
  expect(invited[0]).toEqual([`person.invite person:${emil.person.id}`]);
  await check([`person.admit person:${emil.person.id}`], 'POST', '/api/links/use', {
    key: new URL(emil.link.address).hash.slice(1),
    password,
  });
  const jar = new CookieJar(server.url);
  await signInAs(jar, { email: 'emil@example.org', password });
  await check(['terms.publish terms:1'], 'POST', '/api/terms', { text: 'Be careful.' });
  const accept: Call = (_method, at, body) => jar.post(at, body);
  expect((await recorded(accept, 'POST', '/api/terms/acceptance', { version: 1 }))[0]).toEqual([
    'terms.accept terms:1',
  ]);
  await server.database.pool.query('truncate terms_version cascade');
  const log = JSON.stringify(await entries());
  for (const name of ['Dora', 'Emil', 'example.org']) expect([name, log.includes(name)]).toEqual([name, false]);
});

test('[TRACE-3.2] nodes that may join and that are removed', async () => {
  const [invited] = await recorded(asAdministrator, 'POST', '/api/nodes/join-tokens', { name: 'South' });
  expect(invited).toEqual(['node.invite']);
});

test('[TRACE-1.4] what is refused leaves no entry', async () => {
  const { code } = await makeProject(server.database, 'taken', []);
  const before = (await entries()).length;
  expect((await asAdministrator('POST', '/api/projects', { code, name: 'Again' })).status).toBe(409);
  expect((await asAdministrator('DELETE', '/api/organisations/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  expect((await entries()).length).toBe(before);
});

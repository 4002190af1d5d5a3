import { CookieJar, makePerson, signInAs, testServer } from '@isocenter/testkit';
import { expect, test } from 'vitest';

const server = testServer();
const password = 'granite teapot lantern';

const publish = async (text: string): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await server.fetch('/api/terms', { method: 'POST', headers, body: JSON.stringify({ text }) });
  expect(answer.status).toBe(201);
};

test('[IAM-7] whoever has not accepted the current terms may only read and accept them, or leave', async () => {
  const { email, token } = await makePerson(server.database, { name: 'Ada', password, nodeRoles: ['administrator'] });
  const jar = new CookieJar(server.url);
  await signInAs(jar, { email, password });
  const codeOf = async (path: string): Promise<string> => {
    const answer = await jar.fetch(path);
    return answer.ok ? 'ok' : ((await answer.json()) as { code: string }).code;
  };
  const obligations = async () =>
    ((await (await jar.fetch('/api/me')).json()) as { obligations: string[] }).obligations;
  expect([await codeOf('/api/studies'), await obligations()]).toEqual(['ok', []]);

  await publish('Use it well.');
  expect(await codeOf('/api/studies')).toBe('terms-not-accepted');
  expect(await codeOf('/dicom-web/studies')).toBe('terms-not-accepted');
  expect(await obligations()).toEqual(['terms']);
  expect(await (await jar.fetch('/api/terms')).json()).toMatchObject({ terms: { version: 1, text: 'Use it well.' } });
  const bearer = { headers: { authorization: `Bearer ${token}` } };
  expect((await fetch(new URL('/api/studies', server.url), bearer)).status).toBe(403);

  expect((await jar.post('/api/terms/acceptance', { version: 1 })).status).toBe(204);
  expect(await codeOf('/api/studies')).toBe('ok');
  expect(await (await jar.fetch('/api/account')).json()).toMatchObject({ terms: { version: 1 } });

  await publish('Use it even better.');
  expect(await codeOf('/api/studies')).toBe('terms-not-accepted');
  expect((await jar.post('/api/terms/acceptance', { version: 1 })).status).toBe(409);
  expect((await jar.post('/api/terms/acceptance', { version: 2 })).status).toBe(204);
  expect((await jar.post('/api/terms/acceptance', { version: 2 })).status).toBe(204);
  expect(await codeOf('/api/studies')).toBe('ok');
  const { rowCount } = await server.database.pool.query('select from terms_acceptance');
  expect(rowCount).toBe(2);
});

test('[IAM-7] terms that are published at once get versions one after the other', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map(publish));
  const { rows } = await server.database.pool.query<{ version: number }>(
    'select version from terms_version order by version',
  );
  expect(rows.map(({ version }) => version)).toEqual(rows.map((_, at) => at + 1));
});

import type { AddressInfo } from 'node:net';
import { CookieJar, makePerson, signInAs, startTestServer, type TestServer } from '@isocenter/testkit';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const password = 'granite teapot lantern';
const received: { readonly to: string; readonly text: string }[] = [];
let refusing = false;
let smtp: SMTPServer;
let server: TestServer;

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        if (refusing) return done(Object.assign(new Error('Not now'), { responseCode: 451 }));
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          text: text.replace(/=\r\n/g, ''),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  server = await startTestServer({
    ISOCENTER_SMTP_URL: `smtp://127.0.0.1:${port}`,
    ISOCENTER_MAIL_FROM: 'isocenter@example.org',
  });
});
afterAll(async () => {
  await server?.stop();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

const asNobody = (path: string, body: unknown) => new CookieJar(server.url).post(path, body);

/** The next message; quoted-printable is undone as far as a link needs it. */
async function nextMessage(): Promise<{ to: string; text: string; key: string }> {
  const before = received.length;
  await expect.poll(() => received.length, { timeout: 15_000 }).toBeGreaterThan(before);
  const { to, text } = received.at(-1)!;
  return { to, text, key: /\/link#([\w-]+)/.exec(text)?.[1] ?? '' };
}

test('[IAM-3] where mail can be sent, the e-mail address is verified before anyone decides', async () => {
  const who = { name: 'Ada', email: 'ada@example.org', organisation: 'North', purpose: 'Research' };
  const message = nextMessage();
  expect(await (await asNobody('/api/registrations', who)).json()).toEqual({ next: 'mail' });
  const { to, text, key } = await message;
  expect(to).toBe('ada@example.org');
  expect(text).toContain('From: isocenter@example.org');
  const people = async (state: string) =>
    ((await (await server.fetch(`/api/people?state=${state}`)).json()) as { items: { id: string }[] }).items;
  expect(await people('waiting')).toEqual([]);
  expect(await (await asNobody('/api/links/use', { key, password })).json()).toMatchObject({ next: 'approval' });
  const [ada] = await people('waiting');
  const admitted = nextMessage();
  const headers = { 'content-type': 'application/json' };
  await server.fetch(`/api/people/${ada!.id}/approve`, { method: 'POST', body: '{}', headers });
  expect((await admitted).text).toContain('Your account is open');
  expect((await signInAs(new CookieJar(server.url), { email: who.email, password })).pathname).toBe('/');
});

test('[IAM-1] a new password is led to by mail; an address without account gets none', async () => {
  const person = await makePerson(server.database, { name: 'Forgot', password });
  const before = received.length;
  await asNobody('/api/password-resets', { email: 'nobody@example.org' });
  const message = nextMessage();
  expect(await (await asNobody('/api/password-resets', { email: person.email.toUpperCase() })).json()).toEqual({
    next: 'mail',
  });
  const { to, key } = await message;
  expect(to).toBe(person.email);
  expect(received.length).toBe(before + 1);
  const next = 'velvet harbour compass';
  expect((await asNobody('/api/links/use', { key, password: next })).status).toBe(200);
  expect((await signInAs(new CookieJar(server.url), { email: person.email, password: next })).pathname).toBe('/');
});

test('[IAM-3] who has an account and registers again is told so by mail, others learn nothing', async () => {
  const person = await makePerson(server.database, { name: 'Known', password });
  const message = nextMessage();
  const body = { name: 'Other', email: person.email, organisation: 'x', purpose: '' };
  expect(await (await asNobody('/api/registrations', body)).json()).toEqual({ next: 'mail' });
  expect((await message).text).toContain('You have an account already');
});

test('[IAM-3] when the mail server refuses, an invitation is still a link to hand on', async () => {
  refusing = true;
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Bea', email: 'bea@example.org' });
    const answer = await server.fetch('/api/invitations', { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ link: { mailed: false, address: expect.stringContaining('/link#') } });
  } finally {
    refusing = false;
  }
});

import { CookieJar, type TestServer } from '@isocenter/testkit';
import { describe, expect, test } from 'vitest';

/** Someone who can sign in with the provider. */
export interface Someone {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** An identity provider, and our server that trusts it. */
export interface Harness {
  readonly server: Omit<TestServer, 'stop'>;
  /** Makes someone who may come in. */
  someone(name: string): Promise<Someone>;
  /** Says at the provider's own page who is there. Answers where it sends the browser back to. */
  authenticate(jar: CookieJar, authorization: string, who: Someone): Promise<URL>;
  /** An access token for our server. */
  accessToken(who: Someone): Promise<string>;
  /** Tokens that the provider signs too, and that are none for our server. */
  otherTokens(who: Someone): Promise<Readonly<Record<string, string>>>;
  /** Has the provider sign with a new key. */
  rotateKeys(): Promise<void>;
  /** Ends the provider's session where its end-session address leads. */
  signOutAt(jar: CookieJar, address: string): Promise<void>;
}

/** What holds for signing in, whichever provider serves. */
export function authenticationSuite(title: string, harness: () => Harness): void {
  const jarOf = (): CookieJar => new CookieJar(harness().server.url);

  /** A browser before it follows the provider's answer. */
  async function answered(jar: CookieJar, who: Someone, returnTo = '/'): Promise<URL> {
    const start = await jar.fetch(`/api/session/start?return_to=${encodeURIComponent(returnTo)}`);
    expect(start.status).toBe(303);
    return harness().authenticate(jar, start.headers.get('location') ?? '', who);
  }
  const signIn = async (jar: CookieJar, who: Someone, returnTo?: string): Promise<URL> =>
    (await jar.follow((await answered(jar, who, returnTo)).href)).at;
  const bearer = (token: string, path = '/api/me'): Promise<Response> =>
    fetch(new URL(path, harness().server.url), { headers: { authorization: `Bearer ${token}` } });

  describe(title, () => {
    test('[IAM-1, IAM-2] a browser signs in, gets a session of ours, and comes back to where it wanted to go', async () => {
      const [jar, who] = [jarOf(), await harness().someone('visitor')];
      const at = await signIn(jar, who, '/studies?modality=CT');
      expect(`${at.pathname}${at.search}`).toBe('/studies?modality=CT');
      const me = await (await jar.fetch('/api/me')).json();
      expect(me).toMatchObject({ kind: 'person', name: who.name });
    });

    test('[IAM-2] the provider’s answer works once, and in the browser and sign-in that it is for', async () => {
      const who = await harness().someone('replayed');
      const jar = jarOf();
      const callback = await answered(jar, who);
      const thief = jarOf();
      expect((await thief.follow(callback.href)).at.search).toBe('?problem=sign-in-expired');
      await thief.fetch('/api/session/start');
      expect((await thief.follow(callback.href)).at.search).toBe('?problem=sign-in-failed');
      expect((await thief.fetch('/api/me')).status).toBe(401);
      expect((await jar.follow(callback.href)).at.pathname).toBe('/');
      expect((await jar.follow(callback.href)).at.search).toBe('?problem=sign-in-expired');

      const other = await answered(jar, who);
      other.searchParams.set('state', 'x'.repeat(43));
      expect((await jar.follow(other.href)).at.search).toBe('?problem=sign-in-failed');
    });

    test('[IAM-2] afterwards one stays here (open redirect)', async () => {
      const who = await harness().someone('led.away');
      for (const away of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
        expect((await signIn(jarOf(), who, away)).href).toBe(`${harness().server.url}/`);
      }
    });

    test('[IAM-2] signing out ends the session here and at the provider', async () => {
      const [jar, who] = [jarOf(), await harness().someone('leaver')];
      await signIn(jar, who);
      const answer = await jar.fetch('/api/session', { method: 'DELETE' });
      const { next } = (await answer.json()) as { next: string };
      expect((await jar.fetch('/api/me')).status).toBe(401);
      await harness().signOutAt(jar, next);
      // It asks again who is there: with a wrong password nobody comes in.
      await expect(answered(jar, { ...who, password: 'wrong' })).rejects.toThrow();
    });

    test('[IAM-2] a program is known by an access token for this server, and by nothing else that the provider signs', async () => {
      const who = await harness().someone('program');
      await signIn(jarOf(), who);
      const token = await harness().accessToken(who);
      expect(await (await bearer(token)).json()).toMatchObject({ kind: 'person', name: who.name });
      const [head, payload, signature] = token.split('.') as [string, string, string];
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
      const tokens = {
        ...(await harness().otherTokens(who)),
        'without signature': `${none}.${payload}.`,
        'with the signature of another': `${head}.${Buffer.from('{"sub":"x"}').toString('base64url')}.${signature}`,
        'that is cut off': token.slice(0, -10),
      };
      for (const [what, each] of Object.entries(tokens))
        expect([what, (await bearer(each)).status]).toEqual([what, 401]);
    });

    test('[IAM-1, IAM-2] when the provider changes its keys, browsers and programs go on', async () => {
      const who = await harness().someone('rotated');
      await signIn(jarOf(), who);
      const before = await harness().accessToken(who);
      await harness().rotateKeys();
      const after = await harness().accessToken(who);
      const kid = (token: string) =>
        JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid as string;
      expect(kid(after)).not.toBe(kid(before));
      await expect.poll(async () => (await bearer(after)).status, { timeout: 20_000 }).toBe(200);
      const jar = jarOf();
      expect((await signIn(jar, who)).pathname).toBe('/');
      expect((await jar.fetch('/api/me')).status).toBe(200);
    });
  });
}

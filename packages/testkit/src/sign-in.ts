import type { CookieJar } from './cookie-jar.ts';

export interface SignInAs {
  readonly email: string;
  readonly password: string;
  readonly code?: string;
}

/** Begins a sign-in with the embedded provider. Answers the address of its interaction. */
export async function beginSignIn(jar: CookieJar, returnTo = '/'): Promise<string> {
  const { answer, at } = await jar.follow(`/api/session/start?return_to=${encodeURIComponent(returnTo)}`);
  await answer.arrayBuffer();
  const uid = at.searchParams.get('interaction');
  if (at.pathname !== '/sign-in' || uid === null) throw new Error(`The sign-in led to ${at.pathname}${at.search}`);
  return `/oidc/interaction/${uid}`;
}

/** Signs in with the embedded provider as its page does. Answers where the browser ends. */
export async function signInAs(jar: CookieJar, { email, password, code }: SignInAs, returnTo = '/'): Promise<URL> {
  const interaction = await beginSignIn(jar, returnTo);
  const answer = await jar.post(`${interaction}/sign-in`, { email, password, ...(code !== undefined && { code }) });
  const body = (await answer.json()) as { continue?: string; code?: string; kind?: string };
  if (body.continue === undefined)
    throw new Error(`The sign-in was answered by ${answer.status} ${body.code ?? body.kind}`);
  return (await jar.follow(body.continue)).at;
}

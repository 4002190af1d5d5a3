import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { withLock } from './lock.ts';
import { discoverProvider, loginOf } from './provider.ts';
import { forgetLogin, lockOf, type SavedLogin, savedLogin, saveLogin } from './saved-logins.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives the token to show now; one of a login is renewed before it ends. */
export type TokenSource = () => Promise<string | undefined>;

/** A token is renewed when it lives no longer than this. */
const AHEAD_MS = 30_000;

/**
 * Where the token comes from: what was said, the environment, the login that was saved for the server, or, for a server on
 * this machine, its data folder.
 */
export function tokenSource(server: string, said: string | undefined, env: Environment): TokenSource {
  const fixed = said ?? env.ISOCENTER_TOKEN ?? env.ISOCENTER_BOOTSTRAP_TOKEN;
  if (fixed !== undefined) return async () => fixed;
  if (savedLogin(env, server) !== undefined) return () => currentToken(server, env);
  const local = localToken(server, env);
  return async () => local;
}

async function currentToken(server: string, env: Environment): Promise<string | undefined> {
  const login = savedLogin(env, server);
  if (login === undefined) return undefined;
  if (isFresh(login)) return login.accessToken;
  return withLock(lockOf(env), async () => {
    // Someone else may have renewed it meanwhile.
    const now = savedLogin(env, server);
    if (now === undefined || isFresh(now)) return now?.accessToken;
    return (await renewed(server, now, env))?.accessToken;
  });
}

const isFresh = ({ expiresAt }: SavedLogin): boolean => expiresAt - Date.now() > AHEAD_MS;

async function renewed(server: string, login: SavedLogin, env: Environment): Promise<SavedLogin | undefined> {
  if (login.refreshToken === undefined) return undefined;
  try {
    const provider = await discoverProvider(login.issuer, login.clientId);
    const answer = await oidc.refreshTokenGrant(provider, login.refreshToken);
    const next = loginOf(login.issuer, login.clientId, answer, login);
    saveLogin(env, server, next);
    return next;
  } catch (error) {
    if (!(error instanceof oidc.ResponseBodyError)) throw error;
    forgetLogin(env, server);
    return undefined;
  }
}

/** The administrator's token of a server on this machine, when its data folder is at hand and readable. */
function localToken(server: string, env: Environment): string | undefined {
  const { hostname } = new URL(server);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return undefined;
  try {
    return readFileSync(join(env.ISOCENTER_DATA ?? 'data', 'bootstrap-token'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

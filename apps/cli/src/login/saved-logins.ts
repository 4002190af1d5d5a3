import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `isocenter login` keeps for one server. */
export interface SavedLogin {
  readonly issuer: string;
  readonly clientId: string;
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

/** By the server's address. */
type Saved = Readonly<Record<string, SavedLogin>>;

const fileOf = (env: Environment): string =>
  join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'isocenter', 'logins.json');

/** Held while a login is renewed: a refresh token works once, and showing it again ends the login. */
export const lockOf = (env: Environment): string => `${fileOf(env)}.lock`;

const keyOf = (server: string): string => new URL(server).origin;

function read(env: Environment): Saved {
  try {
    return JSON.parse(readFileSync(fileOf(env), 'utf8')) as Saved;
  } catch {
    return {};
  }
}

/** Readable for its owner only; another process sees the old file or the new one, never half of one. */
function write(env: Environment, saved: Saved): void {
  const file = fileOf(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, file);
}

export const savedLogin = (env: Environment, server: string): SavedLogin | undefined => read(env)[keyOf(server)];

export function saveLogin(env: Environment, server: string, login: SavedLogin): void {
  write(env, { ...read(env), [keyOf(server)]: login });
}

/** False when there was none. */
export function forgetLogin(env: Environment, server: string): boolean {
  const { [keyOf(server)]: known, ...others } = read(env);
  if (known === undefined) return false;
  write(env, others);
  return true;
}

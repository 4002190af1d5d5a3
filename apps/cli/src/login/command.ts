import { createClient, ProblemError, Unreachable } from '@isocenter/client';
import { type SignInOffer, TOKEN_SCOPES } from '@isocenter/contract';
import * as oidc from 'openid-client';
import { codeFlow } from './code-flow.ts';
import { discoverProvider, loginOf } from './provider.ts';
import { forgetLogin, savedLogin, saveLogin } from './saved-logins.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the commands write. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}
const standard: Streams = { out: process.stdout, err: process.stderr };

/** `isocenter login`: signs in with the server's identity provider, by a code that is typed in a browser of any machine. */
export async function login(server: string, env: Environment, streams: Streams = standard): Promise<number> {
  const client = createClient({ baseUrl: server });
  try {
    const { programs, provider: kind } = await client.getSignInOffer();
    if (programs.clientId === null)
      return fail(streams, 'the server has no client for programs: set OIDC_CLI_CLIENT_ID there');
    const provider = await discoverProvider(programs.issuer, programs.clientId);
    const answer = await tokens(provider, kind, programs, streams);
    const made = loginOf(programs.issuer, programs.clientId, answer);
    const me = await createClient({ baseUrl: server, token: made.accessToken }).getMe();
    saveLogin(env, server, made);
    streams.out.write(`You are signed in at ${new URL(server).origin} as ${me.name}.\n`);
    return 0;
  } catch (error) {
    return fail(streams, reasonOf(error));
  }
}

async function tokens(
  provider: oidc.Configuration,
  kind: SignInOffer['provider'],
  { audience }: SignInOffer['programs'],
  { err }: Streams,
): Promise<oidc.TokenEndpointResponse> {
  // Scopes of ours mean something to our own provider only.
  const scope = kind === 'embedded' ? `openid offline_access ${TOKEN_SCOPES.join(' ')}` : 'openid';
  if (provider.serverMetadata().device_authorization_endpoint === undefined) {
    return codeFlow(provider, scope, (address) =>
      err.write(`Open this address in a browser of this machine:\n\n  ${address}\n\n`),
    );
  }
  const device = await oidc.initiateDeviceAuthorization(provider, {
    scope,
    ...(kind === 'embedded' && { resource: audience }),
  });
  err.write(`Open ${device.verification_uri} in a browser and type this code:\n\n  ${device.user_code}\n\n`);
  return oidc.pollDeviceAuthorizationGrant(provider, device);
}

/** `isocenter logout`: has the provider forget the login, and forgets it here. */
export async function logout(server: string, env: Environment, streams: Streams = standard): Promise<number> {
  const known = savedLogin(env, server);
  if (known === undefined) return fail(streams, `there is no login for ${new URL(server).origin}`);
  forgetLogin(env, server);
  try {
    const provider = await discoverProvider(known.issuer, known.clientId);
    await oidc.tokenRevocation(provider, known.refreshToken ?? known.accessToken);
  } catch (error) {
    streams.err.write(`The identity provider could not be told: ${reasonOf(error)}.\n`);
  }
  streams.out.write(`You are signed out of ${new URL(server).origin}.\n`);
  return 0;
}

export function fail({ err }: Streams, reason: string): number {
  err.write(`It did not work: ${reason}.\n`);
  return 1;
}

export function reasonOf(error: unknown): string {
  if (error instanceof ProblemError) return `${error.problem.detail} ${error.problem.remedy}`.replace(/\.$/, '');
  if (error instanceof Unreachable) return error.message.replace(/\.$/, '');
  if (error instanceof oidc.ResponseBodyError) return `the identity provider says ${error.error}`;
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}

import { type Client, createClient } from '@isocenter/client';
import { AccessTokenId, type TokenScope } from '@isocenter/contract';
import { fail, reasonOf, type Streams } from '../login/command.ts';
import { tokenSource } from '../login/credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface TokenOptions {
  readonly url: string;
  readonly token?: string | undefined;
}

const standard: Streams = { out: process.stdout, err: process.stderr };

/** Runs a command of `isocenter token` as whoever is signed in. */
async function asCaller(
  { url, token }: TokenOptions,
  env: Environment,
  streams: Streams,
  run: (client: Client) => Promise<void>,
): Promise<number> {
  try {
    const bearer = await tokenSource(url, token, env)();
    if (bearer === undefined) return fail(streams, `you are not signed in at ${url}: run isocenter login`);
    await run(createClient({ baseUrl: url, token: bearer }));
    return 0;
  } catch (error) {
    return fail(streams, reasonOf(error));
  }
}

/** `isocenter token create`: the token alone goes to standard output, so that it can be put into a file. */
export const createToken = (
  wanted: { readonly name: string; readonly scopes: readonly TokenScope[]; readonly days: number },
  options: TokenOptions,
  env: Environment,
  streams: Streams = standard,
): Promise<number> =>
  asCaller(options, env, streams, async (client) => {
    const { name, scopes, days } = wanted;
    const made = await client.createAccessToken({ body: { name, scopes: [...scopes], days } });
    streams.err.write(
      `This is shown once. It works until ${made.expiresAt.slice(0, 10)} for ${made.scopes.join(', ')}.\n`,
    );
    streams.out.write(`${made.token}\n`);
  });

/** `isocenter token list` */
export const listTokens = (options: TokenOptions, env: Environment, streams: Streams = standard): Promise<number> =>
  asCaller(options, env, streams, async (client) => {
    const { items } = await client.listAccessTokens();
    for (const { id, name, ending, scopes, expiresAt, lastUsedAt } of items) {
      const used = lastUsedAt === null ? 'never used' : `used ${lastUsedAt.slice(0, 16).replace('T', ' ')}`;
      streams.out.write(`${id}  …${ending}  until ${expiresAt.slice(0, 10)}  ${used}  ${scopes.join(',')}  ${name}\n`);
    }
    if (items.length === 0) streams.err.write('There are none.\n');
  });

/** `isocenter token revoke` */
export const revokeToken = (
  id: string,
  options: TokenOptions,
  env: Environment,
  streams: Streams = standard,
): Promise<number> =>
  asCaller(options, env, streams, async (client) => {
    const parsed = AccessTokenId.safeParse(id);
    if (!parsed.success) throw new Error('the id is not one of those that isocenter token list shows');
    await client.revokeAccessToken({ params: { id: parsed.data } });
    streams.out.write('It is worthless now.\n');
  });

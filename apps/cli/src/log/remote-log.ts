import type { LogSource } from '@isocenter/ledger';
import { Agent, request } from 'undici';
import { tokenSource } from '../login/credentials.ts';
import { LogFailure } from './log-failure.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A server's log over plain HTTP. */
export interface RemoteLog extends LogSource {
  /** The name and key that the server says its log has. */
  info(): Promise<{ readonly origin: string; readonly key: string }>;
  close(): Promise<void>;
}

/** Tries of one request; a proxy that restarts is there again soon. */
const TRIES = 4;

export function openRemoteLog(url: string, typedToken: string | undefined, env: Environment): RemoteLog {
  const server = url.replace(/\/+$/, '').replace(/\/api\/log$/, '');
  if (!URL.canParse(server) || !/^https?:/.test(server))
    throw new LogFailure(`'${url}' is not an http or https address`);
  const source = tokenSource(server, typedToken, env);
  const dispatcher = new Agent({ connections: 8 });
  const get = async (path: string): Promise<Uint8Array | undefined> => {
    for (let tried = 1; ; tried++) {
      try {
        const token = await source();
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
        return await getOnce(`${server}/api/log${path}`, { dispatcher, headers });
      } catch (error) {
        if (error instanceof LogFailure && !(error instanceof Passing)) throw error;
        if (tried === TRIES) throw error instanceof LogFailure ? error : away(server, error);
        await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** tried));
      }
    }
  };
  return {
    read: (path) => get(`/${path}`),
    async info() {
      const bytes = await get('');
      if (bytes === undefined) throw new LogFailure(`${server} has no log`);
      return JSON.parse(new TextDecoder().decode(bytes)) as { origin: string; key: string };
    },
    close: () => dispatcher.destroy(),
  };
}

/** May be over soon. */
class Passing extends LogFailure {}

async function getOnce(
  address: string,
  options: { readonly dispatcher: Agent; readonly headers: Record<string, string> },
): Promise<Uint8Array | undefined> {
  const { statusCode, body } = await request(address, options);
  const bytes = new Uint8Array(await body.arrayBuffer());
  if (statusCode === 200) return bytes;
  if (statusCode === 404) return undefined;
  if (statusCode === 401)
    throw new LogFailure('the server wants a token that it knows; give it with --token or ISOCENTER_TOKEN');
  if (statusCode === 403)
    throw new LogFailure('the token has no right to read all entries: ask for the role of an auditor');
  if (statusCode >= 500 || statusCode === 429) throw new Passing(`the server answers ${statusCode} for ${address}`);
  throw new LogFailure(`the server answers ${statusCode} for ${address}`);
}

const away = (server: string, error: unknown): LogFailure =>
  new LogFailure(`${server} does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);

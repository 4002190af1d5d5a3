import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The token to show to a server: the one that was typed or is in the environment, else that of a server of this machine. */
export function bearerToken(server: string, typed: string | undefined, env: Environment): string | undefined {
  return typed ?? env.ISOCENTER_TOKEN ?? env.ISOCENTER_BOOTSTRAP_TOKEN ?? localToken(server, env);
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

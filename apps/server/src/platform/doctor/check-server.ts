import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { type Holder, holderOf } from '../lifecycle/data-folder.ts';
import { codeOf, type Finding, verdicts } from './finding.ts';

/** Who runs on the data folder: it answers, or the port is free for it. */
export async function checkServer(config: Config, holder: Holder | undefined): Promise<Finding> {
  const { ok, fail } = verdicts('server');
  if (holder === undefined) return portIsFree(config);
  const { url, pid } = holder;
  if (url === undefined) return ok(`process ${pid} is starting`);
  try {
    const response = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(5000) });
    const { status } = response;
    await response.body?.cancel();
    if (status === 200) return ok(`answers at ${url} (process ${pid})`);
    return fail(
      `It answers ${status} at ${url}/health/ready.`,
      `Look at the answer (curl ${url}/health/ready) and into the log.`,
    );
  } catch (error) {
    return fail(
      `Process ${pid} holds the data folder but doesn't answer at ${url} (${codeOf((error as Error).cause ?? error)}).`,
      'Look into its log; if it hangs, end it and start again: the next start recovers.',
    );
  }
}

/** Who holds the data folder; undefined when nobody does or there is none yet. */
export function currentHolder(dataDirExists: boolean, dataDir: string): Holder | undefined {
  return dataDirExists ? holderOf(dataDir) : undefined;
}

async function portIsFree({ host, port }: Config): Promise<Finding> {
  const { ok, fail } = verdicts('port');
  const probe = createServer();
  try {
    await new Promise<void>((free, taken) => probe.once('error', taken).listen({ host, port }, free));
    return ok(`${host}:${port} is free; no server is running`);
  } catch (error) {
    return fail(
      `${host}:${port} can't be opened (${codeOf(error)}).`,
      'Stop what uses it, or set ISOCENTER_PORT and ISOCENTER_HOST.',
    );
  } finally {
    probe.close();
  }
}

/** A server that the network can reach needs TLS in front: tokens and images travel in the clear. */
export function* checkExposure({ host, publicUrl }: Config): Generator<Finding> {
  const { ok, warn } = verdicts('network');
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host);
  if (isLocal) yield ok('only this machine can connect');
  else if (publicUrl?.startsWith('https:')) yield ok(`open to the network, as ${publicUrl}`);
  else {
    yield warn(
      `It listens on ${host} without TLS: tokens and images can be read on the network.`,
      'Put a proxy with TLS in front, and its address in ISOCENTER_PUBLIC_URL and ISOCENTER_TRUST_PROXY.',
    );
  }
}

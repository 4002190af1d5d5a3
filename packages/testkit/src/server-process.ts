import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@isocenter/server';

/** The `isocenter` command's program. */
export const cli: string = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `isocenter start` as a process of its own: for tests that kill it. */
export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** What it has written so far, line by line. */
  readonly output: readonly string[];
  /** Settles when it ends, however it ends. */
  readonly ended: Promise<Exit>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

export interface ServerProcessOptions {
  /** Run as another user: only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Called with every line that it writes. */
  readonly onLine?: (line: string, pid: number) => void;
  /** The command line, by default `start`. */
  readonly args?: readonly string[];
}

const token = 'the-token-of-a-server-in-a-test';

/** Every process that was started here and may still run. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the server and waits until it answers. `ISOCENTER_DATA` is needed; the port is any free one. */
export async function startServerProcess(env: Environment, options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const child = spawn(process.execPath, [cli, ...(options.args ?? ['start'])], {
    cwd: '/',
    env: { PATH: process.env.PATH, ISOCENTER_PORT: '0', ISOCENTER_BOOTSTRAP_TOKEN: token, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.user && { uid: options.user.uid, gid: options.user.gid }),
  });
  running.add(child);
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    running.delete(child);
    return { code, signal };
  });
  const output: string[] = [];
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      output.push(line);
      options.onLine?.(line, child.pid ?? 0);
      const url = readyUrl(line);
      if (url !== undefined) resolve(url);
    });
  }
  const outcome = await Promise.race([ready, exited]);
  if (typeof outcome !== 'string') {
    throw new Error(`The server ended at its start (${outcome.signal ?? outcome.code}):\n${output.join('\n')}`);
  }
  const end = (signal: NodeJS.Signals): Promise<Exit> => {
    child.kill(signal);
    return exited;
  };
  return {
    url: outcome,
    token: env.ISOCENTER_BOOTSTRAP_TOKEN ?? token,
    pid: child.pid ?? 0,
    output,
    ended: exited,
    end,
  };
}

/** The address in the log's line that says that the server answers; of a worker, which answers nobody, an empty one. */
function readyUrl(line: string): string | undefined {
  if (line.includes('"msg":"the worker is ready"')) return '';
  if (!line.includes('"msg":"ready"')) return undefined;
  return (JSON.parse(line) as { url?: string }).url;
}

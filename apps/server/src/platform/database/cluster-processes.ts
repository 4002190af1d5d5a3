import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RunAs } from './run-as.ts';

/**
 * PostgreSQL's programs are started *in* their cluster's folder and know it only by this name. So neither the length of
 * the path, nor spaces in it, nor folders above it that their user may not enter (root's home) matter.
 */
export const here = '/proc/self/cwd';

/** Only what PostgreSQL needs: our environment holds secrets, and its PG* variables are not meant for this server. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Starts one of PostgreSQL's programs in a folder, as the given user. It gets a session of its own: a Ctrl-C in the
 * terminal reaches us alone, and we end PostgreSQL after the last request.
 */
export function spawnIn(
  folder: string,
  program: string,
  args: readonly string[],
  runAs: RunAs | undefined,
): ChildProcess {
  return spawn(program, args, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
  });
}

/** Runs a program to its end and returns what it said. */
export async function run(
  folder: string,
  program: string,
  args: readonly string[],
  runAs: RunAs | undefined,
): Promise<{ code: number | null; output: string }> {
  const child = spawnIn(folder, program, args, runAs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** Sends a signal to a process that may be gone. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

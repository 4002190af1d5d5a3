import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which of these programs are not installed, as a reason; undefined when all are. */
export function programsMissing(...names: readonly string[]): string | undefined {
  const absent = names.filter((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error);
  return absent.length > 0 ? `${absent.join(', ')}: not installed` : undefined;
}

/** A port of this machine that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Finished {
  readonly code: number | null;
  /** Both of its outputs. */
  readonly output: string;
}

/** Runs a program to its end. */
export async function runProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = begin(name, args, env);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** A program that serves on a port until it is stopped. */
export interface ServingProgram {
  readonly port: number;
  output(): string;
  stop(): Promise<void>;
}

/** Starts a program and waits until something listens on each of the ports. */
export async function serveProgram(
  name: string,
  args: readonly string[],
  ...ports: readonly [number, ...number[]]
): Promise<ServingProgram> {
  const child = begin(name, args);
  const output = collect(child);
  const closed = once(child, 'close');
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  for (const port of ports) {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${output()}`);
      await sleep(20);
    }
  }
  return {
    port: ports[0],
    output,
    async stop() {
      process.off('exit', kill);
      kill();
      await closed;
    },
  };
}

function begin(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  // dcmtk then does without Nagle's algorithm, which makes it wait 40 ms for each instance.
  const all = { ...process.env, TCP_NODELAY: '1', ...env };
  return spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], env: all });
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

/** Whether something listens on a port of this machine. */
export async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

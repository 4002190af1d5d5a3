import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answers, freePort } from './programs.ts';

const BUCKET = 'objects';
const CREDENTIALS = { accessKeyId: 'isocenter-test', secretAccessKey: 'isocenter-test-secret' };

/** What a store needs to use the bucket. */
export interface S3Access {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly forcePathStyle: boolean;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const program = findProgram();

/** Why tests with an S3 server can't run here, if they can't. */
export const s3Missing =
  program === undefined
    ? 'versitygw is not installed: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0'
    : undefined;

function findProgram(): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    process.env.GOBIN ?? '',
    ...(process.env.GOPATH ?? '').split(delimiter).map((path) => join(path, 'bin')),
    join(homedir(), 'go', 'bin'),
  ];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'versitygw'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A real S3 server (versitygw over a folder), which can be killed and started again with the same data. */
export class S3Server {
  readonly folder: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start(): Promise<S3Server> {
    const folder = await mkdtemp(join(tmpdir(), 'isocenter-s3-'));
    await mkdir(join(folder, 'data', BUCKET), { recursive: true });
    const server = new S3Server(folder, await freePort());
    await server.restart();
    return server;
  }

  /** How the bucket is reached; through a proxy when its port is given. */
  options(port = this.port): S3Access {
    return {
      bucket: BUCKET,
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      credentials: CREDENTIALS,
    };
  }

  /** Where the server keeps an object. */
  pathOf(key: string): string {
    return join(this.folder, 'data', BUCKET, key);
  }

  async restart(): Promise<void> {
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    const child = spawn(
      program ?? 'versitygw',
      ['--port', `127.0.0.1:${this.port}`, '--keep-alive', '--quiet', 'posix', join(this.folder, 'data')],
      { stdio: 'ignore', env: { ...process.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey } },
    );
    this.#process = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`versitygw ended with ${child.exitCode}`);
      await pause(20);
    }
  }

  /** As a power failure would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

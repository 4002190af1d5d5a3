import { Agent, request } from 'undici';
import { tokenSource } from '../login/credentials.ts';
import type { SendOptions } from '../program.ts';
import { type InstanceFile, inspect } from './instance-file.ts';
import { defaultJournal, Journal } from './journal.ts';
import { findFiles, type LocalFile } from './local-files.ts';
import { count, duration, type Progress, type ProgressView, showProgress, size } from './progress.ts';
import { exitCodeOf, type Report, summary } from './report.ts';
import { Hopeless, Sender } from './sender.ts';
import type { Target } from './store-request.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command writes: what stays to `out`, progress to `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WriteStream;
}

/** `isocenter send`: finds instances and stores them in a server. Returns the exit code. */
export async function send(
  paths: readonly string[],
  options: SendOptions,
  env: Environment,
  streams: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  const dispatcher = new Agent({ connections: options.jobs, headersTimeout: 600_000, bodyTimeout: 600_000 });
  try {
    const target = targetOf(options, env, dispatcher);
    await assertWelcome(target, options.url);
    const journal = new Journal(options.journal ?? defaultJournal(target.address, await archiveOf(target), env));
    try {
      return await run(paths, { target, journal, jobs: options.jobs, signal: interrupt.signal }, streams);
    } finally {
      journal.close();
    }
  } catch (error) {
    if (!(error instanceof Hopeless)) throw error;
    streams.err.write(`Nothing was sent: ${error.message}.\n`);
    return 1;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    await dispatcher.destroy();
  }
}

function targetOf(options: SendOptions, env: Environment, dispatcher: Agent): Target {
  const server = options.url.replace(/\/+$/, '');
  if (!URL.canParse(server) || !/^https?:/.test(server))
    throw new Hopeless(`'${options.url}' is not an http or https address`);
  const base =
    options.zone === undefined
      ? `${server}/dicom-web`
      : `${server}/zones/${encodeURIComponent(options.zone)}/dicom-web`;
  return { address: `${base}/studies`, token: tokenSource(server, options.token, env), dispatcher };
}

/** Asks who we are before anything is read: a wrong token shouldn't show after an hour of looking at files. */
async function assertWelcome({ token: source, dispatcher }: Target, url: string): Promise<void> {
  const token = await source?.();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const { statusCode, body } = await request(new URL('/api/me', url), { dispatcher, headers });
    await body.dump();
    if (statusCode === 401) {
      throw new Hopeless(
        token === undefined
          ? 'the server wants to know who you are; run isocenter login, or give a token with --token or ISOCENTER_TOKEN'
          : 'the server does not accept the token',
      );
    }
  } catch (error) {
    if (error instanceof Hopeless) throw error;
    throw new Hopeless(`${url} does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
  }
}

/** What the archive calls itself; empty when it doesn't. */
async function archiveOf({ address, token: source, dispatcher }: Target): Promise<string> {
  const token = await source?.();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { headers: answer, body } = await request(new URL('.', address), { dispatcher, headers });
  await body.dump();
  return String(answer['isocenter-archive'] ?? '');
}

interface Run {
  readonly target: Target;
  readonly journal: Journal;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

async function run(
  paths: readonly string[],
  { target, journal, jobs, signal }: Run,
  { out, err }: Streams,
): Promise<number> {
  const started = performance.now();
  const { files, unreadable } = await findFiles(paths);
  const todo = files.filter((file) => !journal.has(file));
  const report: Report = {
    stored: 0,
    storedBytes: 0,
    present: 0,
    remembered: files.length - todo.length,
    notSent: new Map(),
    unreadable,
    failed: [],
    left: 0,
  };
  const totalBytes = todo.reduce((sum, file) => sum + file.size, 0);
  err.write(`${count(todo.length)} files, ${size(totalBytes)}, to ${target.address}\n`);
  const progress: Progress = { files: 0, bytes: 0, totalFiles: todo.length, totalBytes };
  const view = showProgress(progress, err);
  try {
    const sender = new Sender(target, { jobs, signal }, eventsOf(report, progress, journal, view));
    await sender.send(instances(todo, report, progress));
  } catch (error) {
    if (!signal.aborted && !(error instanceof Hopeless)) throw error;
    report.cutOff = (error as Error).message;
    report.left = progress.totalFiles - progress.files;
  } finally {
    view.stop();
  }
  out.write(`${summary(report, (performance.now() - started) / 1000)}\n`);
  return exitCodeOf(report);
}

/** Looks into the files as they are needed; what is no instance is counted and left out. */
async function* instances(
  files: readonly LocalFile[],
  report: Report,
  progress: Progress,
): AsyncGenerator<InstanceFile, void, void> {
  for (const file of files) {
    const found = await inspect(file);
    if (typeof found !== 'string') yield found;
    else {
      report.notSent.set(found, (report.notSent.get(found) ?? 0) + 1);
      progress.files += 1;
      progress.bytes += file.size;
    }
  }
}

function eventsOf(
  report: Report,
  progress: Progress,
  journal: Journal,
  view: ProgressView,
): ConstructorParameters<typeof Sender>[2] {
  return {
    bytes: (number) => {
      progress.bytes += number;
    },
    present: (number) => {
      report.present += number;
    },
    done: (file, outcome) => {
      progress.files += 1;
      if (outcome.kind === 'stored') {
        report.stored += 1;
        report.storedBytes += file.size;
        journal.add([file]);
      } else report.failed.push({ path: file.path, reason: outcome.reason });
    },
    waiting: (reason, ms) => view.say(`Waiting ${duration(ms / 1000)}: ${reason}.`),
  };
}

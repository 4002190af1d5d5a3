import { type Environment, type RunningServer, runUntilSignal, StartError, startServer } from '@isocenter/server';
import { type LandingAreas, makeDemoPeople } from './demo-people.ts';
import type { Server } from './dicomweb.ts';
import { demoStudies } from './patients.ts';
import { progressLine } from './progress.ts';
import { type DemoProgress, storeDemo } from './store-demo.ts';
import { writeDemo } from './write-demo.ts';

/** Starts the server, fills it, and keeps it until it is told to stop. Returns the exit code. */
export async function startDemo(env: Environment): Promise<number> {
  try {
    return await runUntilSignal(
      async (signal) => {
        const server = await startServer(env, { signal, demo: true });
        return withFilling(server);
      },
      (text) => console.error(text),
    );
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** The server with its filling, which ends before the server does; a failure to fill ends both. */
function withFilling(server: RunningServer): Pick<RunningServer, 'stop' | 'kill' | 'lost'> {
  const ending = new AbortController();
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>();
  console.log(welcome(server));
  const filling = fillOwn({ url: server.url, token: server.token.token }, ending.signal).then(
    (progress) =>
      console.log(`${summary(progress)}\n  Ctrl-C stops everything; the next 'npm run demo' finds it all.\n`),
    (error: unknown) => {
      if (!ending.signal.aborted) fail(`Filling the demo failed: ${reasonOf(error)}`);
    },
  );
  return {
    lost: Promise.race([server.lost, failed]),
    kill: () => server.kill(),
    stop: async () => {
      ending.abort();
      await filling;
      await server.stop();
    },
  };
}

/** Fills a server that runs elsewhere. */
export async function fillServer(url: string, token: string | undefined): Promise<number> {
  if (!token) {
    console.error('Filling another server needs its token in ISOCENTER_TOKEN.');
    return 2;
  }
  try {
    console.log(summary(await fill({ url: url.replace(/\/+$/, ''), token }, untilInterrupted())));
    return 0;
  } catch (error) {
    console.error(`Filling ${url} failed: ${reasonOf(error)}`);
    return 1;
  }
}

/** Writes the files and starts nothing. */
export async function writeFiles(folder: string): Promise<number> {
  const line = progressLine(process.stderr);
  try {
    console.log(summary(await writeDemo(folder, untilInterrupted(), line.show)));
    return 0;
  } catch (error) {
    console.error(`Writing to ${folder} failed: ${reasonOf(error)}`);
    return 1;
  } finally {
    line.end();
  }
}

/** The demo's own server has its people too, and each hospital's images where they belong. */
async function fillOwn(server: Server, signal: AbortSignal): Promise<DemoProgress> {
  return fill(server, signal, await makeDemoPeople(server, signal));
}

async function fill(server: Server, signal: AbortSignal, areas?: LandingAreas): Promise<DemoProgress> {
  const line = progressLine(process.stdout);
  try {
    return await storeDemo({ server, signal, onProgress: line.show, ...(areas && { areas }) });
  } finally {
    line.end();
  }
}

function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interrupted.abort(new Error('interrupted')));
  return interrupted.signal;
}

function welcome({ url, config, token }: RunningServer): string {
  const address = config.publicUrl ?? url;
  return [
    '',
    `  The demo is at ${address}`,
    '',
    '  Sign in there by a click, as whoever you like; programs by the token',
    `  ${token.token}`,
    '',
    `  DICOMweb                ${address}/dicom-web`,
    `  API                     ${address}/api/docs`,
    `  Data                    ${config.dataDir}`,
    '',
    '  Two hospitals that do not exist, people who never lived, images made by calculation.',
    '',
  ].join('\n');
}

function summary({ total, bytes }: DemoProgress): string {
  const studies = demoStudies();
  const people = new Set(studies.map(({ study }) => study.person.id)).size;
  const made = total === 0 ? 'all were there already' : `${total} images made now, ${Math.round(bytes / 1e6)} MB`;
  return `  ${people} patients with ${studies.length} studies: ${made}.`;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

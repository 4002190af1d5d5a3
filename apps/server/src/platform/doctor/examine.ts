import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError, type Environment, loadConfig } from '../config.ts';
import { checkDataFolder } from './check-data-folder.ts';
import { checkDatabase } from './check-database.ts';
import { checkPeers } from './check-peers.ts';
import { checkExposure, checkServer, currentHolder } from './check-server.ts';
import { checkStorage } from './check-storage.ts';
import { type Finding, verdicts } from './finding.ts';

/** Checks everything that the server stands on, changing nothing; findings come as they are made. */
export async function* examine(env: Environment, webRoot: string): AsyncGenerator<Finding> {
  yield checkNode();
  const config = yield* checkConfig(env);
  if (config === undefined) return;
  let failed = false;
  for await (const finding of checkDataFolder(config)) {
    failed ||= finding.check === 'data folder' && finding.status === 'fail';
    yield finding;
  }
  if (!failed) yield* checkRest(config);
  yield checkPages(webRoot);
  yield checkClock(webRoot);
  yield* checkExposure(config);
  yield* checkPeers(config);
}

async function* checkRest(config: Config): AsyncGenerator<Finding> {
  const exists = existsSync(config.dataDir);
  const holder = currentHolder(exists, config.dataDir);
  yield await checkServer(config, holder);
  yield* checkDatabase(config, holder?.url !== undefined);
  // Trying the store would make the data folder, which is left to the first start.
  if (exists || config.s3) yield await checkStorage(config);
}

function checkNode(): Finding {
  const { ok, fail } = verdicts('node');
  const { node } = process.versions;
  return Number.parseInt(node, 10) >= 24
    ? ok(`${node} on ${process.platform}-${process.arch}`)
    : fail(`This is ${node}.`, "Isocenter needs Node 24: run it by 'npm start' or 'npx isocenter'.");
}

function* checkConfig(env: Environment): Generator<Finding, Config | undefined> {
  const { ok, warn, fail } = verdicts('configuration');
  try {
    const config = loadConfig(env);
    yield ok(env.ISOCENTER_CONFIG_FILE ? `environment and ${env.ISOCENTER_CONFIG_FILE}` : 'environment');
    for (const key of config.unknownKeys)
      yield warn(`${key} is not a key of ours.`, 'Check its spelling against docs/reference/configuration.md.');
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { key, problem, remedy } of error.problems) yield fail(`${key} ${problem}`, remedy);
    return undefined;
  }
}

function checkPages(webRoot: string): Finding {
  const { ok, warn } = verdicts('pages');
  return existsSync(join(webRoot, 'index.html'))
    ? ok('built')
    : warn('The web application is not built: only the API would answer.', "Start by 'npm start', which builds it.");
}

/** A clock that is behind the program's own files is wrong; dates of what is stored would be, too. */
function checkClock(webRoot: string): Finding {
  const { ok, fail } = verdicts('clock');
  const program = statSync(join(webRoot, '..', 'package.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const now = new Date();
  return now.getTime() + 60_000 >= program
    ? ok(now.toISOString())
    : fail(
        `The clock says ${now.toISOString()}, which is before this program was installed.`,
        'Set the clock; let it follow a time server (NTP).',
      );
}

import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs one command line and returns the exit code: 0 for success, 1 for a failure, 2 for a command line that can't be
 * understood. Each command's code is loaded when it is called, so that the others start fast.
 */
export async function runCommand(args: readonly string[], env: Environment): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(env, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function buildProgram(env: Environment, finish: (code: number) => void): Command {
  const program = new Command('isocenter')
    .description('Open data infrastructure for AI in medical imaging')
    .version(version())
    .exitOverride()
    .showHelpAfterError()
    .configureHelp({ showGlobalOptions: true });

  program
    .command('start')
    .description('start the server: web application, API, DICOM, jobs')
    .option('--data <folder>', 'the data folder (ISOCENTER_DATA)')
    .option('--host <address>', 'the address to listen on (ISOCENTER_HOST)')
    .option('--port <number>', 'the port to listen on (ISOCENTER_PORT)')
    .action(async (options: { data?: string; host?: string; port?: string }) => {
      const { start } = await import('./start.ts');
      finish(await start(withOptions(env, options)));
    });

  program
    .command('worker')
    .description('run jobs beside a running server, on this machine or another')
    .option('--data <folder>', 'the data folder of the server (ISOCENTER_DATA)')
    .action(async (options: { data?: string }) => {
      const { worker } = await import('./worker.ts');
      finish(await worker(withOptions(env, options)));
    });

  program
    .command('doctor')
    .description('check everything that the server needs, and say what to do')
    .option('--data <folder>', 'the data folder (ISOCENTER_DATA)')
    .option('--json', 'print the findings as JSON')
    .action(async (options: { data?: string; json?: boolean }) => {
      const { doctor } = await import('./doctor.ts');
      finish(await doctor(withOptions(env, options), options.json === true));
    });

  program
    .command('send')
    .description('send DICOM files to a server (STOW-RS); run it again to resume')
    .argument('<paths...>', 'files and folders')
    .option('--url <address>', 'the server (ISOCENTER_URL)', env.ISOCENTER_URL ?? 'http://127.0.0.1:8080')
    .option('--token <token>', 'the bearer token; better kept in the environment (ISOCENTER_TOKEN)')
    .option('--jobs <number>', 'requests at once', wholeNumber(1, 64), 4)
    .option('--zone <zone>', 'the zone to store in; by default the one that the server chooses')
    .option(
      '--journal <file>',
      'where to remember what was acknowledged; by default one for each server in ~/.cache/isocenter',
    )
    .action(async (paths: string[], options: SendOptions) => {
      const { send } = await import('./send/command.ts');
      finish(await send(paths, options, env));
    });

  addLogCommands(program, env, finish);
  return program;
}

function addLogCommands(program: Command, env: Environment, finish: (code: number) => void): void {
  const log = program.command('log').description('the log of the tracer: verify it, or keep a copy');
  log
    .command('verify')
    .description('recompute a log whole: every entry, the tree, the signature; say what is wrong and where')
    .argument('<where>', "a server's address, or the folder of a mirror")
    .option('--key <key>', 'the verifier key of the log; by default the one that was seen first')
    .option('--mirror <folder>', 'a mirror of the log: names the first entry that differs when history was rewritten')
    .option('--token <token>', 'the bearer token; better kept in the environment (ISOCENTER_TOKEN)')
    .action(async (where: string, options: LogOptions) => {
      const { verify } = await import('./log/verify.ts');
      finish(await verify(where, options, env));
    });
  log
    .command('mirror')
    .description('copy a log by plain HTTP, or what is new in it; run it again to go on')
    .argument('<url>', "the server's address")
    .argument('<folder>', 'where the copy is kept')
    .option('--key <key>', 'the verifier key of the log; by default the one that was seen first')
    .option('--token <token>', 'the bearer token; better kept in the environment (ISOCENTER_TOKEN)')
    .action(async (url: string, folder: string, options: LogOptions) => {
      const { mirror } = await import('./log/mirror.ts');
      finish(await mirror(url, folder, options, env));
    });
}

/** The options of `isocenter log …` as they are typed. */
export interface LogOptions {
  readonly key?: string;
  readonly mirror?: string;
  readonly token?: string;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The options of `isocenter send` as they are typed. */
export interface SendOptions {
  readonly url: string;
  readonly token?: string | undefined;
  readonly jobs: number;
  readonly zone?: string;
  readonly journal?: string;
}

function withOptions(env: Environment, options: { data?: string; host?: string; port?: string }): Environment {
  return {
    ...env,
    ...(options.data === undefined ? {} : { ISOCENTER_DATA: options.data }),
    ...(options.host === undefined ? {} : { ISOCENTER_HOST: options.host }),
    ...(options.port === undefined ? {} : { ISOCENTER_PORT: options.port }),
  };
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    }
    return value;
  };
}

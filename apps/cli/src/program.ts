import { readFileSync } from 'node:fs';
import { TOKEN_SCOPES, type TokenScope } from '@isocenter/contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

import type { TokenOptions } from './token/command.ts';

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
    .option(
      '--token <token>',
      'the bearer token; better kept in the environment (ISOCENTER_TOKEN), or use isocenter login',
    )
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
  addIdentityCommands(program, env, finish);
  return program;
}

/** Signing in, and tokens for programs. */
function addIdentityCommands(program: Command, env: Environment, finish: (code: number) => void): void {
  const url = ['--url <address>', 'the server (ISOCENTER_URL)', env.ISOCENTER_URL ?? 'http://127.0.0.1:8080'] as const;
  const bearer = ['--token <token>', 'another bearer token; by default that of isocenter login'] as const;
  program
    .command('login')
    .description('sign in at a server; the other commands then act as you')
    .option(...url)
    .action(async (options: { url: string }) => {
      const { login } = await import('./login/command.ts');
      finish(await login(options.url, env));
    });
  program
    .command('logout')
    .description('sign out of a server')
    .option(...url)
    .action(async (options: { url: string }) => {
      const { logout } = await import('./login/command.ts');
      finish(await logout(options.url, env));
    });

  const token = program.command('token').description('access tokens for programs');
  token
    .command('create')
    .description('make an access token; it is written to standard output, once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scope...>', `what it may be used for: ${TOKEN_SCOPES.join(', ')}`, scopes)
    .option('--days <number>', 'how long it works', wholeNumber(1, 366), 90)
    .option(...url)
    .option(...bearer)
    .action(async ({ name, scope, days, ...options }: CreateTokenOptions) => {
      const { createToken } = await import('./token/command.ts');
      finish(await createToken({ name, scopes: scope, days }, options, env));
    });
  token
    .command('list')
    .description('your access tokens')
    .option(...url)
    .option(...bearer)
    .action(async (options: TokenOptions) => {
      const { listTokens } = await import('./token/command.ts');
      finish(await listTokens(options, env));
    });
  token
    .command('revoke')
    .description('make an access token worthless')
    .argument('<id>', 'as isocenter token list shows it')
    .option(...url)
    .option(...bearer)
    .action(async (id: string, options: TokenOptions) => {
      const { revokeToken } = await import('./token/command.ts');
      finish(await revokeToken(id, options, env));
    });
}

type CreateTokenOptions = TokenOptions & { readonly name: string; readonly scope: TokenScope[]; readonly days: number };

function scopes(text: string, before: TokenScope[] = []): TokenScope[] {
  const scope = TOKEN_SCOPES.find((each) => each === text);
  if (scope === undefined) throw new InvalidArgumentError(`It must be one of ${TOKEN_SCOPES.join(', ')}.`);
  return [...before, scope];
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

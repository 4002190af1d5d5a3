import {
  type Environment,
  type RunningServer,
  runUntilSignal,
  StartError,
  startServer,
  version,
} from '@isocenter/server';

/** Runs the server until it is told to stop. */
export async function start(env: Environment): Promise<number> {
  const tell = (text: string): void => console.error(text);
  try {
    return await runUntilSignal(async (signal) => {
      const server = await startServer(env, { signal });
      if (server.config.logFormat === 'pretty') console.log(welcome(server, process.stdout.isTTY));
      return server;
    }, tell);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    tell(error.message);
    return 1;
  }
}

/** Where to look, and at the first start how to sign in. A token is shown to a person, never written to a log file. */
export function welcome(
  { url, config, token, administratorLink }: Pick<RunningServer, 'url' | 'config' | 'token' | 'administratorLink'>,
  toPerson: boolean,
): string {
  const lines = [
    '',
    `  Isocenter ${version} is ready.`,
    '',
    `  Pages     ${config.publicUrl ?? url}`,
    `  DICOMweb  ${config.publicUrl ?? url}/dicom-web`,
    `  API       ${config.publicUrl ?? url}/api/docs`,
    `  Data      ${config.dataDir}`,
    '',
  ];
  if (administratorLink !== undefined && toPerson)
    lines.push(
      '  Make the first account here; it administers, and the address works once:',
      `  ${administratorLink}`,
      '',
    );
  if (token.file === undefined) lines.push('  Programs sign in with the token in ISOCENTER_BOOTSTRAP_TOKEN.');
  else if (token.isNew && toPerson)
    lines.push(`  Programs sign in with this token: ${token.token}`, `  (It is kept in ${token.file}.)`);
  else lines.push(`  Programs sign in with the token in ${token.file}`);
  return [...lines, '  Ctrl-C stops everything.', ''].join('\n');
}

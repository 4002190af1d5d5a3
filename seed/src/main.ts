import { parseArgs } from 'node:util';

const help = `npm run demo -- [options]

Starts Isocenter with the demo's patients: synthetic people, generated images. What is there already stays.

  --data <folder>   the data folder (default ./data/demo, or ISOCENTER_DATA)
  --port <number>   the port to listen on (ISOCENTER_PORT)
  --url <address>   fill a server that runs already, with the token in ISOCENTER_TOKEN
  --out <folder>    only write the files, start nothing
`;

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(`The demo needs Node 24 or newer; this is ${process.versions.node}. Run it by 'npm run demo'.`);
  process.exit(1);
}

try {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      url: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  process.exitCode = values.help ? tell(help) : await run(values);
} catch (error) {
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
  console.error(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}

function tell(text: string): number {
  console.log(text);
  return 0;
}

async function run(options: { data?: string; port?: string; url?: string; out?: string }): Promise<number> {
  const { fillServer, startDemo, writeFiles } = await import('./demo.ts');
  if (options.out !== undefined) return writeFiles(options.out);
  if (options.url !== undefined) return fillServer(options.url, process.env.ISOCENTER_TOKEN);
  return startDemo({
    ...process.env,
    ISOCENTER_DATA: options.data ?? process.env.ISOCENTER_DATA ?? './data/demo',
    // The log would run through the progress line.
    ISOCENTER_LOG_LEVEL: process.env.ISOCENTER_LOG_LEVEL ?? 'warn',
    ...(options.port === undefined ? {} : { ISOCENTER_PORT: options.port }),
  });
}

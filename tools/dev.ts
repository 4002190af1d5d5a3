import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './repository.ts';

/** `npm run dev`: the server, restarted when its code changes, and the pages with hot replacement. */
const port = process.env.ISOCENTER_PORT ?? '8080';
const pagesPort = '5173';

const server = node(['--watch', '--watch-preserve-output', 'apps/cli/src/main.ts', 'start'], { ISOCENTER_PORT: port });
const pages = node(['node_modules/vite/bin/vite.js', 'apps/web', '--port', pagesPort], {
  ISOCENTER_DEV_SERVER: `http://127.0.0.1:${port}`,
});
console.log(`Pages: http://127.0.0.1:${pagesPort} (they call the server at port ${port}). Ctrl-C stops both.`);

function node(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
}

// A Ctrl-C reaches all three; wait for the server, which ends its database last.
const both = [server, pages];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const child of both) if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
const ended = both.map((child) => once(child, 'close'));
await Promise.race(ended);
for (const child of both) if (child.exitCode === null) child.kill('SIGTERM');
await Promise.all(ended);

#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Only this file may be read by an older Node: everything else is imported once the version is known to fit.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Isocenter needs Node 24 or newer; this is ${process.versions.node}. ` +
      "Run it by 'npx isocenter' or 'npm start' in its folder: they use the Node that 'npm ci' installed.",
  );
  process.exit(1);
}

// What is compiled once needn't be compiled at each start: else that takes the first seconds of both a start and a command.
const compiled = fileURLToPath(new URL('../../../.cache/compiled', import.meta.url));
module.enableCompileCache?.(compiled);

// Buffers that pass through a server count towards its heap, and a heap that begins small is collected again and again for
// them: beginning with room takes a third of the processor time off storing, and letting go of the youngest often, a tenth.
// The program goes on as itself, same process.
const heap = ['--initial-heap-size=1024', '--max-semi-space-size=4'];
if (['start', 'worker'].includes(process.argv[2] ?? '') && !process.execArgv.includes(heap[0]!)) {
  const { execPath, execArgv, argv } = process;
  const env = {
    // Requests wait for the disk on threads of libuv's pool, of which four are few.
    UV_THREADPOOL_SIZE: '8',
    // Threads compile too.
    NODE_COMPILE_CACHE: compiled,
    ...process.env,
  };
  process.execve?.(execPath, [execPath, ...heap, ...execArgv, ...argv.slice(1)], env);
}

const { runCommand } = await import('./program.ts');
process.exitCode = await runCommand(process.argv.slice(2), process.env);

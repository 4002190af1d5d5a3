#!/usr/bin/env node
// Only this file may be read by an older Node: everything else is imported once the version is known to fit.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Isocenter needs Node 24 or newer; this is ${process.versions.node}. ` +
      "Run it by 'npx isocenter' or 'npm start' in its folder: they use the Node that 'npm ci' installed.",
  );
  process.exit(1);
}

// Buffers that pass through a server count towards its heap, and a heap that begins small is collected again and again for
// them: beginning with room takes a third of the processor time off storing. The program goes on as itself, same process.
const roomyHeap = '--initial-heap-size=1024';
if (['start', 'worker'].includes(process.argv[2] ?? '') && !process.execArgv.includes(roomyHeap)) {
  const { execPath, execArgv, argv, env } = process;
  process.execve?.(execPath, [execPath, roomyHeap, ...execArgv, ...argv.slice(1)], env);
}

const { runCommand } = await import('./program.ts');
process.exitCode = await runCommand(process.argv.slice(2), process.env);

export {};

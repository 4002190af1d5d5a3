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

const { runCommand } = await import('./program.ts');
process.exitCode = await runCommand(process.argv.slice(2), process.env);

export {};

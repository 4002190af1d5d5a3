import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Real test files beside the checkout; undefined where they aren't. */
export const sharedFolder: string | undefined = sharedFolderIfThere();

function sharedFolderIfThere(): string | undefined {
  const folder = fileURLToPath(new URL('../../../../shared/', import.meta.url));
  if (existsSync(folder)) return folder;
  if (process.env.CI === 'true') throw new Error('the real test files are not beside the checkout');
  return undefined;
}

/** Why pydicom can't be asked; undefined when it can. */
export const pydicomMissing: string | undefined = whyNoPydicom();

function whyNoPydicom(): string | undefined {
  const reason = pythonMissing('pydicom');
  if (reason && process.env.CI === 'true') throw new Error(reason);
  return reason;
}

/** Which of these packages Python can't import, as a reason; undefined when it can all. */
export function pythonMissing(...packages: readonly string[]): string | undefined {
  const found = spawnSync('python3', ['-c', `import ${packages.join()}`], { stdio: 'ignore' }).status === 0;
  return found ? undefined : `python3 with ${packages.join(', ')} is not installed`;
}

/**
 * Runs a Python script that reads JSON `given` and leaves JSON-able `answer`. pydicom's warnings are silenced: what is
 * compared is what it makes of the bytes. Nothing else happens meanwhile: a script that calls a server of this process
 * needs askPythonBeside.
 */
export function askPython(script: string, given: unknown): unknown {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', programOf(script)], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** The same, while this process goes on. */
export async function askPythonBeside(script: string, given: unknown): Promise<unknown> {
  const child = spawn('python3', ['-c', programOf(script)]);
  child.stdin.end(JSON.stringify(given));
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout);
}

const programOf = (script: string): string =>
  [
    'import json, sys, warnings, logging',
    'warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)',
    'given = json.load(sys.stdin)',
    script,
    'json.dump(answer, sys.stdout)',
  ].join('\n');

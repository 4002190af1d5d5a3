import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  const found = spawnSync('python3', ['-c', 'import pydicom'], { stdio: 'ignore' }).status === 0;
  if (found) return undefined;
  const reason = 'python3 with pydicom is not installed';
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}

/**
 * Runs a Python script that reads JSON `given` and leaves JSON-able `answer`. pydicom's warnings are silenced: what is
 * compared is what it makes of the bytes.
 */
export function askPython(script: string, given: unknown): unknown {
  const program = [
    'import json, sys, warnings, logging',
    'warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)',
    'given = json.load(sys.stdin)',
    script,
    'json.dump(answer, sys.stdout)',
  ].join('\n');
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout);
}

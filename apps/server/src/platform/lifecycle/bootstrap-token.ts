import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { StartError } from './start-error.ts';

/** The administrator's token and where it came from. */
export interface BootstrapToken {
  readonly token: string;
  /** The file that keeps it; undefined when it came by the configuration. */
  readonly file?: string;
  /** Made just now: this is the first start. */
  readonly isNew: boolean;
}

export const bootstrapTokenFile = (dataDir: string): string => join(dataDir, 'bootstrap-token');

/** Bytes of randomness in a token that we make. */
const tokenBytes = 24;

/** The configured token, else the one in the data folder, else one made now: the server never runs without. */
export function bootstrapToken(config: Pick<Config, 'dataDir' | 'bootstrapToken'>): BootstrapToken {
  if (config.bootstrapToken !== undefined) return { token: config.bootstrapToken, isNew: false };
  const file = bootstrapTokenFile(config.dataDir);
  const kept = read(file);
  if (kept !== undefined) return { token: kept, file, isNew: false };
  const token = randomBytes(tokenBytes).toString('base64url');
  const fd = openSync(file, 'wx', 0o600);
  try {
    writeSync(fd, `${token}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return { token, file, isNew: true };
}

function read(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StartError(
      `The administrator's token in ${file} can't be read (${code}). Make it readable for this user.`,
      { cause },
    );
  }
  if (text.length >= 16) return text;
  throw new StartError(
    `The file ${file} holds no token (it is shorter than 16 characters). Delete it: a new one is made at the next start.`,
  );
}

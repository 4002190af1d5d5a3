import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type LogObject, type ObjectKind, PSEUDONYMOUS_KINDS } from '@isocenter/contract';
import { noteSigner, type Signer } from '@isocenter/ledger';
import type { Config } from '../config.ts';
import { StartError } from '../lifecycle/start-error.ts';

export const logKeyFile = (dataDir: string): string => join(dataDir, 'tracer-key');

const SECRET_BYTES = 32;

/** Characters of base64url of a pseudonym: 132 bits, so that no two identifiers ever share one. */
const PSEUDONYM_LENGTH = 22;

/** The node's secret of the log, of which its signature and its pseudonyms are made. Never shown, in no log. */
export class LogKey {
  readonly #secret: Buffer;
  readonly #pseudonymKey: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#pseudonymKey = this.#derive('isocenter tracer pseudonyms');
  }

  /** The configured key, else the one in the data folder; undefined when there is none yet. */
  static load(config: Pick<Config, 'dataDir' | 'tracerKeyFile'>): LogKey | undefined {
    const file = config.tracerKeyFile ?? logKeyFile(config.dataDir);
    const secret = read(file, config.tracerKeyFile !== undefined);
    return secret && new LogKey(secret);
  }

  /** Makes a key and keeps it in the data folder, readable for this user only. */
  static make(config: Pick<Config, 'dataDir'>): LogKey {
    const secret = randomBytes(SECRET_BYTES);
    const fd = openSync(logKeyFile(config.dataDir), 'wx', 0o600);
    try {
      writeSync(fd, `${secret.toString('base64')}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return new LogKey(secret);
  }

  signer(origin: string): Signer {
    return noteSigner(origin, this.#derive('isocenter tracer signature'));
  }

  /** What stands in the log for an identifier that comes from a patient's data. */
  pseudonym(kind: ObjectKind, id: string): string {
    const hash = createHmac('sha256', this.#pseudonymKey).update(`${kind}\n${id}`).digest('base64url');
    return hash.slice(0, PSEUDONYM_LENGTH);
  }

  /** As the log names it: by its pseudonym where its kind asks for one. */
  objectOf({ kind, id, hash }: LogObject): LogObject {
    const named = PSEUDONYMOUS_KINDS.includes(kind) ? this.pseudonym(kind, id) : id;
    return { kind, id: named, ...(hash !== undefined && { hash }) };
  }

  #derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', purpose, 32));
  }
}

function read(file: string, mustExist: boolean): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mustExist) return undefined;
    throw new StartError(`The tracer's key in ${file} can't be read (${code}). Make it readable for this user.`, {
      cause,
    });
  }
  const secret = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (secret.length === SECRET_BYTES) return secret;
  throw new StartError(
    `The file ${file} holds no key of the tracer: it has to be 32 bytes as base64 or 64 hexadecimal digits. Restore it from your backup.`,
  );
}

import { createHash } from 'node:crypto';
import { equalBytes, type Signer } from '@isocenter/ledger';
import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import { StartError } from '../lifecycle/start-error.ts';
import { LogKey, logKeyFile } from './log-key.ts';

export interface LogIdentity {
  readonly key: LogKey;
  readonly signer: Signer;
}

interface Row {
  readonly origin: string;
  readonly public_key: Buffer;
  readonly pseudonym_check: Buffer;
}

type Settings = Pick<Config, 'dataDir' | 'tracerKeyFile' | 'tracerOrigin'>;

/**
 * The name and key of the log. Both are fixed with the first start: a log that was signed by two keys, or called by two
 * names, would prove nothing to who has known it before.
 */
export async function logIdentity(pool: Pool, config: Settings): Promise<LogIdentity> {
  const known = await select(pool);
  const key = LogKey.load(config) ?? (known === undefined ? LogKey.make(config) : undefined);
  if (key === undefined) {
    throw new StartError(
      `The database has a log of the tracer, but its key isn't in ${logKeyFile(config.dataDir)}. Every server and worker ` +
        'needs the same one: copy it from the data folder of the first, or from your backup, or name it in ISOCENTER_TRACER_KEY_FILE.',
    );
  }
  const row = known ?? (await insert(pool, key, config));
  return { key, signer: signerFor(row, key, config) };
}

function signerFor(row: Row, key: LogKey, { tracerOrigin }: Settings): Signer {
  if (tracerOrigin !== undefined && tracerOrigin !== row.origin) {
    throw new StartError(
      `ISOCENTER_TRACER_ORIGIN is '${tracerOrigin}', but the log is called '${row.origin}' since its beginning and stays so. Use that name, or leave the key out.`,
    );
  }
  const signer = key.signer(row.origin);
  if (!equalBytes(signer.publicKey, row.public_key) || !checkOf(key).equals(row.pseudonym_check)) {
    throw new StartError(
      "The tracer's key is not the one that its log in the database was begun with. Every server and worker needs that one: restore it from your backup.",
    );
  }
  return signer;
}

async function select(pool: Pool): Promise<Row | undefined> {
  const { rows } = await pool.query<Row>('select origin, public_key, pseudonym_check from log_identity');
  return rows[0];
}

/** Of several servers that start at once, the first one's stays. */
async function insert(pool: Pool, key: LogKey, { tracerOrigin }: Settings): Promise<Row> {
  const origin = tracerOrigin ?? defaultOrigin(key);
  await pool.query(
    'insert into log_identity (origin, public_key, pseudonym_check) values ($1, $2, $3) on conflict do nothing',
    [origin, Buffer.from(key.signer(origin).publicKey), checkOf(key)],
  );
  return (await select(pool))!;
}

/** Unlike that of any other node, and without anybody having to think of one. */
const defaultOrigin = (key: LogKey): string =>
  `isocenter/${createHash('sha256').update(key.signer('isocenter').publicKey).digest('hex').slice(0, 16)}`;

const checkOf = (key: LogKey): Buffer => createHash('sha256').update(key.pseudonym('server', 'check')).digest();

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { LogChange } from '@isocenter/contract';
import { type Kysely, sql } from 'kysely';
import type { Config } from '../../platform/config.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Tables } from '../../platform/database/tables.ts';
import type { Tracer } from '../../platform/tracer/index.ts';

type Settings = Readonly<Record<string, string>>;

/** Never written down, also not hashed: that one of them changed is told by a word. */
const SECRETS: ReadonlySet<string> = new Set(['bootstrapToken', 'databaseUrl']);

const LONGEST = 2000;

/** Records, at the start of a server, what in its configuration differs from the last start of the same one. */
export async function recordConfiguration(database: Database, tracer: Tracer, config: Config): Promise<void> {
  const server = nameOf(config);
  const settings = settingsOf(config);
  await database.transaction(async (tx) => {
    const old = await lastSettings(tx, server);
    if (isDeepStrictEqual(old, settings)) return;
    await sql`insert into log_configuration (server, settings) values (${server}, ${JSON.stringify(settings)})
      on conflict (server) do update set settings = excluded.settings`.execute(tx);
    await tracer.record(tx, {
      actor: { kind: 'service', id: 'isocenter' },
      action: 'configuration.change',
      objects: [{ kind: 'server', id: server }],
      changes: changesOf(old, settings),
    });
  });
}

/** One machine may run several, each with its data folder. */
const nameOf = ({ dataDir }: Config): string =>
  `${hostname().slice(0, 150)}/${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;

async function lastSettings(tx: Kysely<Tables>, server: string): Promise<Settings> {
  const { rows } = await sql<{ settings: Settings }>`
    select settings from log_configuration where server = ${server} for update`.execute(tx);
  return rows[0]?.settings ?? {};
}

function settingsOf({ unknownKeys: _, s3, ...config }: Config): Settings {
  const { credentials, ...bucket } = s3 ?? {};
  const plain: Record<string, unknown> = {
    ...config,
    ...(s3 && { s3: { ...bucket, credentials: credentials && 'set' } }),
  };
  return Object.fromEntries(
    Object.entries(plain)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, SECRETS.has(name) ? 'set' : textOf(value)]),
  );
}

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST);

function changesOf(old: Settings, settings: Settings): LogChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(settings)])].sort();
  return names
    .filter((field) => old[field] !== settings[field])
    .map((field) => ({
      field,
      ...(old[field] !== undefined && { old: old[field] }),
      ...(settings[field] !== undefined && { new: settings[field] }),
    }));
}

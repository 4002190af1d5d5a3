import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Zone } from '@isocenter/contract';
import type { DimsePeer, RoleMapping } from './config-keys.ts';
import { type KeyName, type KeyValues, keys } from './config-keys.ts';
import { StartError } from './lifecycle/start-error.ts';

export type { DimsePeer, RoleMapping } from './config-keys.ts';

/** Where objects lie when not in files. */
export interface S3Config {
  readonly bucket: string;
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly prefix: string;
  readonly forcePathStyle: boolean;
}

/** An OpenID provider instead of the embedded one. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly scope: string;
  readonly audience: string;
  readonly cliClientId?: string;
  readonly roleClaim: string;
  readonly roleMap: readonly RoleMapping[];
}

export interface MailConfig {
  readonly url: string;
  readonly from: string;
}

/** The whole configuration, parsed: made once at start, passed to what needs it. */
export interface Config {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: readonly string[];
  readonly maxBodyBytes: number;
  /** Absent: one is made and kept in the data folder ({@link Config.dataDir}). */
  readonly bootstrapToken?: string;
  readonly oidc?: OidcConfig;
  readonly mail?: MailConfig;
  readonly registration: 'open' | 'closed';
  readonly secondFactor: 'none' | 'administrators' | 'everyone';
  readonly sessionIdleSeconds: number;
  readonly sessionSeconds: number;
  readonly visaBrokers: readonly string[];
  readonly databaseUrl?: string;
  readonly databaseConnections: number;
  readonly s3?: S3Config;
  readonly storageKeyFile?: string;
  readonly recompress: 'off' | 'htj2k';
  /** Absent: one is made and kept in the data folder. */
  readonly tracerKeyFile?: string;
  readonly tracerOrigin?: string;
  readonly zones: readonly Zone[];
  readonly storeZone: Zone;
  readonly dimse?: { readonly port: number; readonly aeTitle: string; readonly peers: readonly DimsePeer[] };
  readonly workerThreads: number;
  readonly drainSeconds: number;
  readonly logLevel: KeyValues['ISOCENTER_LOG_LEVEL'];
  readonly logFormat: 'json' | 'pretty';
  /** Keys that look like ours and are none: worth a warning, because they are usually typing mistakes. */
  readonly unknownKeys: readonly string[];
}

/** The environment, or something of its shape. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with one key. Never holds the value of a secret. */
export interface ConfigProblem {
  readonly key: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The configuration can't be used. The message names every key, its problem and what to do. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      `The configuration can't be used:\n${problems.map((p) => `  ${p.key} ${p.problem}\n    ${p.remedy}`).join('\n')}\n` +
        'Every key is described in docs/reference/configuration.md.',
    );
    this.problems = problems;
  }
}

const names = Object.keys(keys) as KeyName[];

/** Reads and checks the configuration: the environment, over the file that ISOCENTER_CONFIG_FILE names. */
export function loadConfig(env: Environment): Config {
  const problems: ConfigProblem[] = [];
  const merged = { ...readConfigFile(env, problems), ...withoutEmpty(env) };
  const values = parseValues(merged, problems);
  if (problems.length === 0) problems.push(...contradictions(values, merged));
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble(values, unknownOf(env));
}

/** An empty value counts as not set: `KEY= command` is how shells and unit files unset one. */
function withoutEmpty(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
  );
  return Object.fromEntries(kept);
}

const isOurs = (name: string): boolean => name.startsWith('ISOCENTER_') || name === 'DATABASE_URL';
const unknownOf = (env: Environment): string[] =>
  Object.keys(env).filter((name) => isOurs(name) && !Object.hasOwn(keys, name));

function readConfigFile(env: Environment, problems: ConfigProblem[]): Record<string, string> {
  const key = 'ISOCENTER_CONFIG_FILE';
  const path = env[key]?.trim();
  if (!path) return {};
  let file: Environment;
  try {
    file = parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    problems.push({ key, problem: `names '${path}', which can't be read (${reason}).`, remedy: keys[key].remedy });
    return {};
  }
  for (const name of Object.keys(file)) {
    if (Object.hasOwn(keys, name) && name !== key) continue;
    problems.push({ key: name, problem: `in ${path} is not a key of the configuration.`, remedy: suggestion(name) });
  }
  return withoutEmpty(file);
}

function parseValues(raw: Readonly<Record<string, string>>, problems: ConfigProblem[]): KeyValues {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const key: { default?: string; secret?: boolean; remedy: string } = keys[name];
    const text = raw[name]?.trim() ?? key.default;
    if (text === undefined) continue;
    const parsed = keys[name].schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else
      problems.push({
        key: name,
        problem: describe(key.secret === true, text, parsed.error.issues),
        remedy: key.remedy,
      });
  }
  return values as KeyValues;
}

function describe(secret: boolean, text: string, issues: readonly { message: string }[]): string {
  const what = issues[0]?.message ?? "can't be used";
  return secret ? `${what}.` : `= '${text}' ${what}.`;
}

/** What each key allows alone but the keys together don't. */
function contradictions(v: KeyValues, raw: Readonly<Record<string, string>>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = (key: KeyName, problem: string) => problems.push({ key, problem, remedy: keys[key].remedy });
  if (!v.ISOCENTER_ZONES.includes(v.ISOCENTER_STORE_ZONE)) {
    report(
      'ISOCENTER_STORE_ZONE',
      `= '${v.ISOCENTER_STORE_ZONE}' is not among ISOCENTER_ZONES = '${v.ISOCENTER_ZONES.join(',')}'.`,
    );
  }
  if ((v.ISOCENTER_S3_ACCESS_KEY_ID === undefined) !== (v.ISOCENTER_S3_SECRET_ACCESS_KEY === undefined)) {
    const missing =
      v.ISOCENTER_S3_ACCESS_KEY_ID === undefined ? 'ISOCENTER_S3_ACCESS_KEY_ID' : 'ISOCENTER_S3_SECRET_ACCESS_KEY';
    report(missing, 'is missing, but the other half of the S3 credentials is set.');
  }
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
  if (oidc.some((name) => v[name] !== undefined)) {
    for (const name of oidc) if (v[name] === undefined) report(name, 'is missing, but others of the provider are set.');
  }
  if ((v.ISOCENTER_SMTP_URL === undefined) !== (v.ISOCENTER_MAIL_FROM === undefined)) {
    const missing = v.ISOCENTER_SMTP_URL === undefined ? 'ISOCENTER_SMTP_URL' : 'ISOCENTER_MAIL_FROM';
    report(missing, 'is missing: mail needs a server and a sender.');
  }
  if (v.ISOCENTER_S3_BUCKET === undefined) {
    const stray = names.find((name) => name.startsWith('ISOCENTER_S3_') && raw[name] !== undefined);
    if (stray)
      report('ISOCENTER_S3_BUCKET', `is missing, but ${stray} is set: without a bucket, objects would go to files.`);
  }
  if (
    v.ISOCENTER_DIMSE_PORT !== undefined &&
    v.ISOCENTER_DIMSE_PORT !== 0 &&
    v.ISOCENTER_DIMSE_PORT === v.ISOCENTER_PORT
  ) {
    report('ISOCENTER_DIMSE_PORT', `= '${v.ISOCENTER_DIMSE_PORT}' is also ISOCENTER_PORT.`);
  }
  return problems;
}

function assemble(v: KeyValues, unknownKeys: string[]): Config {
  return {
    dataDir: resolve(v.ISOCENTER_DATA),
    host: v.ISOCENTER_HOST,
    port: v.ISOCENTER_PORT,
    corsOrigins: v.ISOCENTER_CORS_ORIGINS,
    trustProxy: v.ISOCENTER_TRUST_PROXY,
    maxBodyBytes: v.ISOCENTER_MAX_BODY_BYTES,
    databaseConnections: v.ISOCENTER_DATABASE_CONNECTIONS,
    registration: v.ISOCENTER_REGISTRATION,
    secondFactor: v.ISOCENTER_SECOND_FACTOR,
    sessionIdleSeconds: v.ISOCENTER_SESSION_IDLE_MINUTES * 60,
    sessionSeconds: v.ISOCENTER_SESSION_HOURS * 3600,
    visaBrokers: v.ISOCENTER_VISA_BROKERS,
    zones: v.ISOCENTER_ZONES,
    recompress: v.ISOCENTER_RECOMPRESS,
    storeZone: v.ISOCENTER_STORE_ZONE,
    workerThreads: v.ISOCENTER_WORKER_THREADS,
    drainSeconds: v.ISOCENTER_DRAIN_SECONDS,
    logLevel: v.ISOCENTER_LOG_LEVEL,
    logFormat: v.ISOCENTER_LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    unknownKeys,
    ...defined('publicUrl', v.ISOCENTER_PUBLIC_URL),
    ...defined('bootstrapToken', v.ISOCENTER_BOOTSTRAP_TOKEN),
    ...defined('databaseUrl', v.DATABASE_URL),
    ...defined(
      'storageKeyFile',
      v.ISOCENTER_STORAGE_KEY_FILE === undefined ? undefined : resolve(v.ISOCENTER_STORAGE_KEY_FILE),
    ),
    ...defined(
      'tracerKeyFile',
      v.ISOCENTER_TRACER_KEY_FILE === undefined ? undefined : resolve(v.ISOCENTER_TRACER_KEY_FILE),
    ),
    ...defined('tracerOrigin', v.ISOCENTER_TRACER_ORIGIN),
    ...defined('s3', s3Of(v)),
    ...defined('oidc', oidcOf(v)),
    ...defined('mail', mailOf(v)),
    ...defined(
      'dimse',
      v.ISOCENTER_DIMSE_PORT === undefined
        ? undefined
        : { port: v.ISOCENTER_DIMSE_PORT, aeTitle: v.ISOCENTER_DIMSE_AE_TITLE, peers: v.ISOCENTER_DIMSE_PEERS },
    ),
  };
}

function s3Of(v: KeyValues): S3Config | undefined {
  if (v.ISOCENTER_S3_BUCKET === undefined) return undefined;
  const { ISOCENTER_S3_ACCESS_KEY_ID: accessKeyId, ISOCENTER_S3_SECRET_ACCESS_KEY: secretAccessKey } = v;
  return {
    bucket: v.ISOCENTER_S3_BUCKET,
    region: v.ISOCENTER_S3_REGION,
    prefix: v.ISOCENTER_S3_PREFIX,
    forcePathStyle: v.ISOCENTER_S3_FORCE_PATH_STYLE,
    ...defined('endpoint', v.ISOCENTER_S3_ENDPOINT),
    ...defined(
      'credentials',
      accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    ),
  };
}

function oidcOf(v: KeyValues): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = v;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret,
    name: v.OIDC_NAME,
    scope: v.OIDC_SCOPE,
    audience: v.OIDC_AUDIENCE ?? clientId,
    roleClaim: v.OIDC_ROLE_CLAIM,
    roleMap: v.OIDC_ROLE_MAP,
    ...defined('cliClientId', v.OIDC_CLI_CLIENT_ID),
  };
}

function mailOf({ ISOCENTER_SMTP_URL: url, ISOCENTER_MAIL_FROM: from }: KeyValues): MailConfig | undefined {
  return url === undefined || from === undefined ? undefined : { url, from };
}

function defined<K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: T };
}

function suggestion(name: string): string {
  const near = names
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= 4
    ? `Did you mean ${near.known}?`
    : 'Remove the line, or see the reference for the keys there are.';
}

/** Levenshtein distance, for the suggestion above. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

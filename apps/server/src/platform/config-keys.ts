import { availableParallelism } from 'node:os';
import { isNodeRole, ROLES, type Role, ZONES } from '@isocenter/contract';
import { z } from 'zod';

/** A DICOM application entity that may talk to us. */
export interface DimsePeer {
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
}

/** What a group of an identity provider stands for; projects and sites are named by their codes. */
export interface RoleMapping {
  readonly group: string;
  readonly role: Role;
  readonly project?: string;
  readonly site?: string;
}

/** One configuration key: what the reference shows and how its text becomes a value. */
export interface Key<T> {
  readonly group: string;
  /** The kind of value, for people. */
  readonly type: string;
  /** The text that is parsed when the key isn't set. */
  readonly default?: string;
  /** What the reference says about the default where it depends on the machine or is not a text. */
  readonly defaultNote?: string;
  readonly description: string;
  /** What to do when the value can't be used. */
  readonly remedy: string;
  /** The value is never shown, in no message and no log. */
  readonly secret?: boolean;
  readonly schema: z.ZodType<T, string>;
}

type Optional<T> = Omit<Key<T>, 'default'>;
type Defaulted<T> = Key<T> & { readonly default: string };

/** A key without default: absent means off. */
const optional = <T>(key: Optional<T>): Key<T | undefined> => key;
const key = <T>(definition: Defaulted<T>): Key<T> => definition;

const port = (lowest: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port number')
    .transform(Number)
    .refine((n) => n >= lowest && n <= 65535, `is not between ${lowest} and 65535`);

const wholeNumber = (lowest: number, highest: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'is not a whole number')
    .transform(Number)
    .refine((n) => n >= lowest && n <= highest, `is not between ${lowest} and ${highest}`);

const byteUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const bytes = z
  .string()
  .regex(/^\d{1,12} ?[KMGT]?$/, 'is not a number of bytes')
  .transform((text) => Number.parseInt(text, 10) * (byteUnits[text.replace(/[\d ]/g, '')] ?? 1))
  .refine((n) => n > 0 && Number.isSafeInteger(n), 'is too large or zero');

const flag = z.enum(['true', 'false'], 'is neither true nor false').transform((text) => text === 'true');

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''));
/** An OpenID issuer as it names itself, a slash at its end included. What it says must not be read or changed on the way. */
const issuer = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}, 'is neither an https address nor one of this machine');
const origin = z.string().refine((text) => text === '*' || isOrigin(text), 'has an entry that is not an origin');
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** PS3.8 and PS3.5 6.2: AE, at most 16 characters of the default repertoire without backslash and control characters. */
const aeTitle = /^[ -[\]-~]{1,16}$/;
const peerPattern = /^([^@]{1,16})@(\[[0-9a-fA-F:.]+\]|[^:@\s]+):(\d{1,5})$/;

const peers = z.string().transform((text, context) =>
  list(text).map((item): DimsePeer => {
    const [, title, host, portText] = peerPattern.exec(item) ?? [];
    if (
      title === undefined ||
      host === undefined ||
      !aeTitle.test(title) ||
      Number(portText) < 1 ||
      Number(portText) > 65535
    ) {
      context.addIssue({ code: 'custom', message: `has an entry '${item}' that is not of the form AETITLE@host:port` });
      return z.NEVER;
    }
    return { aeTitle: title.trim(), host: host.replace(/^\[|\]$/g, ''), port: Number(portText) };
  }),
);

const mappingPattern = /^([^@/]+)(?:@([a-z0-9-]+)(?:\/([a-z0-9-]+))?)?$/;

const roleMap = z.string().transform((text, context) =>
  list(text).map((item): RoleMapping => {
    const at = item.lastIndexOf('=');
    const group = item.slice(0, Math.max(at, 0)).trim();
    const [, name, project, site] = mappingPattern.exec(item.slice(at + 1).trim()) ?? [];
    const role = ROLES.find((each) => each === name);
    if (group === '' || role === undefined || isNodeRole(role) !== (project === undefined)) {
      context.addIssue({
        code: 'custom',
        message: `has an entry '${item}' that names no group, or no role as it is held`,
      });
      return z.NEVER;
    }
    return { group, role, ...(project !== undefined && { project }), ...(site !== undefined && { site }) };
  }),
);

const zoneList = z
  .string()
  .transform((text) => [...new Set(list(text))])
  .pipe(z.array(z.enum(ZONES, `has an entry that is none of ${ZONES.join(', ')}`)).min(1, 'names no zone'));

/**
 * Every configuration key, in the order of the reference. The reference (docs/reference/configuration.md) is made from
 * this: nothing else in the program reads the environment.
 */
export const keys = {
  ISOCENTER_CONFIG_FILE: optional({
    group: 'General',
    type: 'path',
    description: 'A file of `KEY=value` lines with any of the keys on this page. The environment wins over the file.',
    remedy: 'Name a file that can be read, with one KEY=value on each line.',
    schema: z.string(),
  }),
  ISOCENTER_DATA: key({
    group: 'General',
    type: 'path',
    default: './data',
    description: 'The folder that holds everything: embedded database, objects, secrets made at the first start.',
    remedy: 'Name a folder on a local disk that this user may write to.',
    schema: z.string(),
  }),
  ISOCENTER_HOST: key({
    group: 'HTTP',
    type: 'address',
    default: '127.0.0.1',
    description: 'The address to listen on. `0.0.0.0` or `::` opens the server to the network: put TLS in front.',
    remedy: 'Use 127.0.0.1 for this machine only, 0.0.0.0 for every network interface.',
    schema: z.string().regex(/^[0-9a-zA-Z.:_-]+$/, 'is not an address'),
  }),
  ISOCENTER_PORT: key({
    group: 'HTTP',
    type: 'port',
    default: '8080',
    description: 'The port of the web application and the API; `0` takes any free one.',
    remedy: 'Use a free port number, for example 8080.',
    schema: port(0),
  }),
  ISOCENTER_PUBLIC_URL: optional({
    group: 'HTTP',
    type: 'address',
    defaultNote: 'made from host and port',
    description: 'The address under which people and programs reach this server, when it stands behind a proxy.',
    remedy: 'Give the full address without a path, for example https://archive.example.org.',
    schema: httpUrl,
  }),
  ISOCENTER_CORS_ORIGINS: key({
    group: 'HTTP',
    type: 'list of origins',
    default: '',
    description:
      'Web origins that may call the API from a browser with a bearer token, for example a viewer elsewhere; `*` for all.',
    remedy: 'Separate origins by commas, for example https://viewer.example.org (no path, no slash at the end).',
    schema: z.string().transform(list).pipe(z.array(origin)),
  }),
  ISOCENTER_TRUST_PROXY: key({
    group: 'HTTP',
    type: 'list of addresses',
    default: '',
    description: 'Addresses or networks of proxies whose `X-Forwarded-*` headers count.',
    remedy: 'Separate addresses by commas, for example 10.0.0.0/8.',
    schema: z
      .string()
      .transform(list)
      .pipe(z.array(z.string().regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, 'has an entry that is not an address'))),
  }),
  ISOCENTER_MAX_BODY_BYTES: key({
    group: 'HTTP',
    type: 'bytes (K, M, G, T)',
    default: '16G',
    description: 'The largest request body for storing instances. It is streamed: memory does not grow with it.',
    remedy: 'Use a number with an optional unit, for example 16G.',
    schema: bytes,
  }),
  ISOCENTER_BOOTSTRAP_TOKEN: optional({
    group: 'Access',
    type: 'text, 16 characters or more',
    secret: true,
    defaultNote: 'made at the first start and kept in `<data>/bootstrap-token`',
    description: "The administrator's bearer token, and what is typed at sign-in.",
    remedy:
      'Use at least 16 letters, digits and -._~+/ (for example from `openssl rand -hex 24`), or leave it out: one is made at the first start.',
    schema: z
      .string()
      .regex(
        /^[A-Za-z0-9\-._~+/]{16,}=*$/,
        'is shorter than 16 characters or has characters that a bearer token cannot have',
      ),
  }),
  OIDC_ISSUER: optional({
    group: 'Access',
    type: 'address',
    defaultNote: 'the embedded provider, with accounts of its own',
    description: 'An OpenID provider (Keycloak, LS-AAI …) that people sign in with, instead of the embedded one.',
    remedy:
      'Give the issuer as its discovery document names it, for example https://login.example.org/realms/hospital.',
    schema: issuer,
  }),
  OIDC_CLIENT_ID: optional({
    group: 'Access',
    type: 'text',
    description:
      'The client that the provider knows this server by. Its redirect address is `<public url>/api/session/callback`, its back-channel logout address `<public url>/api/session/backchannel-logout`.',
    remedy: 'Set it together with OIDC_ISSUER and OIDC_CLIENT_SECRET.',
    schema: z.string(),
  }),
  OIDC_CLIENT_SECRET: optional({
    group: 'Access',
    type: 'text',
    secret: true,
    description: 'The secret of that client.',
    remedy: 'Set it together with OIDC_ISSUER and OIDC_CLIENT_ID.',
    schema: z.string(),
  }),
  OIDC_NAME: key({
    group: 'Access',
    type: 'text',
    default: 'your organisation',
    description: 'What people call the provider: the sign-in button says “Sign in with …”.',
    remedy: 'Use a short name.',
    schema: z.string().max(60, 'is longer than 60 characters'),
  }),
  OIDC_SCOPE: key({
    group: 'Access',
    type: 'list of scopes',
    default: 'openid profile email',
    description: 'What is asked of the provider; some need a scope for groups.',
    remedy: 'Separate scopes by spaces, openid among them.',
    schema: z.string().refine((text) => text.split(/\s+/).includes('openid'), 'has no openid'),
  }),
  OIDC_AUDIENCE: optional({
    group: 'Access',
    type: 'text',
    defaultNote: '`OIDC_CLIENT_ID`',
    description:
      "Whom an access token of the provider must be meant for (`aud`), to be taken as a program's bearer token.",
    remedy: 'Use the audience that the provider puts into access tokens for this server.',
    schema: z.string(),
  }),
  OIDC_CLI_CLIENT_ID: optional({
    group: 'Access',
    type: 'text',
    description:
      'A public client of the provider, with which `isocenter login` signs in (device flow, or code flow with loopback).',
    remedy: 'Use the id of a client without secret, or leave it out.',
    schema: z.string(),
  }),
  OIDC_ROLE_CLAIM: key({
    group: 'Access',
    type: 'name of a claim',
    default: 'groups',
    description:
      'The claim of the provider that names groups; with dots for what lies deeper, as `realm_access.roles`.',
    remedy: 'Use the name of a claim.',
    schema: z.string(),
  }),
  OIDC_ROLE_MAP: key({
    group: 'Access',
    type: 'list of group=role',
    default: '',
    description:
      'Which roles groups stand for: `group=administrator` or `group=auditor`, and in projects `group=role@project` or `group=role@project/site`, by their codes. Someone without any waits for approval.',
    remedy: 'Separate by commas, for example it=administrator,urology=data-curator@prostate/north.',
    schema: roleMap,
  }),
  ISOCENTER_REGISTRATION: key({
    group: 'Access',
    type: 'open or closed',
    default: 'open',
    description:
      'Whether people can ask for an account, which an administrator then decides on; invitations are always possible.',
    remedy: 'Use open or closed.',
    schema: z.enum(['open', 'closed'], 'is neither open nor closed'),
  }),
  ISOCENTER_SECOND_FACTOR: key({
    group: 'Access',
    type: 'none, administrators or everyone',
    default: 'none',
    description:
      'Who must set up a second factor before they can do anything; with another provider that is its matter.',
    remedy: 'Use none, administrators or everyone.',
    schema: z.enum(['none', 'administrators', 'everyone'], 'is none of none, administrators, everyone'),
  }),
  ISOCENTER_SESSION_IDLE_MINUTES: key({
    group: 'Access',
    type: 'minutes',
    default: '120',
    description: 'A session ends when nothing was asked with it for so long.',
    remedy: 'Use a number from 5 to 1440.',
    schema: wholeNumber(5, 1440),
  }),
  ISOCENTER_SESSION_HOURS: key({
    group: 'Access',
    type: 'hours',
    default: '12',
    description: 'A session ends after so long in any case.',
    remedy: 'Use a number from 1 to 168.',
    schema: wholeNumber(1, 168),
  }),
  ISOCENTER_VISA_BROKERS: key({
    group: 'Access',
    type: 'list of addresses',
    default: '',
    description: 'Issuers whose GA4GH Passport visas are believed.',
    remedy: 'Separate issuers by commas, for example https://login.elixir-czech.org/oidc.',
    schema: z.string().transform(list).pipe(z.array(issuer)),
  }),
  ISOCENTER_SMTP_URL: optional({
    group: 'Mail',
    type: 'smtp:// or smtps:// address',
    secret: true,
    defaultNote: 'no mail: administrators hand links on',
    description: 'The mail server for verifying addresses and for new passwords.',
    remedy: 'Write it as smtps://user:password@mail.example.org.',
    schema: z.url({ protocol: /^smtps?$/, error: 'is not a smtp:// or smtps:// address' }),
  }),
  ISOCENTER_MAIL_FROM: optional({
    group: 'Mail',
    type: 'e-mail address',
    description: 'The sender of mail. Set it together with `ISOCENTER_SMTP_URL`.',
    remedy: 'Use an address that the mail server may send from.',
    schema: z.email('is no e-mail address'),
  }),
  DATABASE_URL: optional({
    group: 'Database',
    type: 'postgresql:// address',
    secret: true,
    defaultNote: 'an embedded PostgreSQL under `<data>/postgres`',
    description: "One's own PostgreSQL 16 or newer instead of the embedded one.",
    remedy: 'Write it as postgresql://user:password@host:5432/database.',
    schema: z.string().refine(isPostgresUrl, 'is not a postgresql:// address'),
  }),
  ISOCENTER_DATABASE_CONNECTIONS: key({
    group: 'Database',
    type: 'number',
    default: '12',
    description: 'Connections that this process keeps to PostgreSQL at most.',
    remedy: 'Use a number from 2 to 200, below the max_connections of the database.',
    schema: wholeNumber(2, 200),
  }),
  ISOCENTER_S3_BUCKET: optional({
    group: 'Object store',
    type: 'text',
    defaultNote: 'objects are files under `<data>/objects`',
    description: 'The bucket that holds the objects. Setting it switches from files to S3.',
    remedy: 'Name a bucket that exists.',
    schema: z.string().regex(/^[A-Za-z0-9._-]{3,255}$/, 'is not a bucket name'),
  }),
  ISOCENTER_S3_ENDPOINT: optional({
    group: 'Object store',
    type: 'address',
    defaultNote: "the region's AWS endpoint",
    description: 'The address of an S3-compatible server.',
    remedy: 'Give the full address, for example https://s3.example.org.',
    schema: httpUrl,
  }),
  ISOCENTER_S3_REGION: key({
    group: 'Object store',
    type: 'text',
    default: 'us-east-1',
    description: 'The region of the bucket; most servers other than AWS accept any.',
    remedy: 'Use the name of the region, for example eu-central-1.',
    schema: z.string().regex(/^[a-z0-9-]+$/, 'is not a region'),
  }),
  ISOCENTER_S3_ACCESS_KEY_ID: optional({
    group: 'Object store',
    type: 'text',
    secret: true,
    defaultNote: "the AWS SDK's own sources (instance role, profile)",
    description: 'The access key. Set it together with `ISOCENTER_S3_SECRET_ACCESS_KEY`.',
    remedy: 'Set both keys or neither.',
    schema: z.string(),
  }),
  ISOCENTER_S3_SECRET_ACCESS_KEY: optional({
    group: 'Object store',
    type: 'text',
    secret: true,
    description: 'The secret that belongs to `ISOCENTER_S3_ACCESS_KEY_ID`.',
    remedy: 'Set both keys or neither.',
    schema: z.string(),
  }),
  ISOCENTER_S3_PREFIX: key({
    group: 'Object store',
    type: 'text',
    default: '',
    description: 'A prefix for every key in the bucket, for example `isocenter/`.',
    remedy: 'Use letters, digits, and - _ . / without a slash at the beginning.',
    schema: z.string().regex(/^([A-Za-z0-9_.-][A-Za-z0-9_./-]*)?$/, 'is not a key prefix'),
  }),
  ISOCENTER_S3_FORCE_PATH_STYLE: key({
    group: 'Object store',
    type: 'true or false',
    default: 'false',
    description:
      'Put the bucket in the path and not in the host name: MinIO, versitygw and most servers of one’s own need it.',
    remedy: 'Use true or false.',
    schema: flag,
  }),
  ISOCENTER_STORAGE_KEY_FILE: optional({
    group: 'Object store',
    type: 'path',
    defaultNote: 'objects are stored as they are',
    description:
      'A file with a 256-bit key as 64 hexadecimal digits or base64, one a line, the newest first: objects are encrypted at rest with the first, and read with all. Losing it loses the objects.',
    remedy: 'Make one with `openssl rand -hex 32 > key` and keep a copy in a safe place.',
    schema: z.string(),
  }),
  ISOCENTER_RECOMPRESS: key({
    group: 'Object store',
    type: 'off or htj2k',
    default: 'off',
    description:
      'Compress uncompressed images without loss (HTJ2K), at night: they take a third to a half of the room and are given back byte by byte as they came.',
    remedy: 'Use off or htj2k.',
    schema: z.enum(['off', 'htj2k'], 'is neither off nor htj2k'),
  }),
  ISOCENTER_TRACER_KEY_FILE: optional({
    group: 'Tracer',
    type: 'path',
    defaultNote: 'made at the first start and kept in `<data>/tracer-key`',
    description:
      'A file with the 256-bit secret of the log as base64 or 64 hexadecimal digits: its signature and its pseudonyms are made of it. Every server and worker of one database needs the same. It can never be changed: keep a copy in a safe place.',
    remedy: 'Make one with `openssl rand -base64 32 > key`, before the first start.',
    schema: z.string(),
  }),
  ISOCENTER_TRACER_ORIGIN: optional({
    group: 'Tracer',
    type: 'text',
    defaultNote: 'made from the key at the first start',
    description:
      'The name under which the world knows the log, such as `archive.example.org/tracer`. It is fixed with the first start.',
    remedy: 'Use letters, digits, and - _ . / without spaces.',
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_./-]{0,199}$/, 'is not a name of a log'),
  }),
  ISOCENTER_ZONES: key({
    group: 'Zones',
    type: 'list of zones',
    default: ZONES.join(','),
    description:
      'The zones that this node has: `landing` (identified, as received), `staging` (de-identified, being curated), `repository` (published).',
    remedy: `Separate by commas any of ${ZONES.join(', ')}.`,
    schema: zoneList,
  }),
  ISOCENTER_STORE_ZONE: key({
    group: 'Zones',
    type: 'zone',
    default: 'landing',
    description:
      'Where instances go that arrive without naming a zone. The default is `landing`: data of unknown state count as identified.',
    remedy: 'Use one of the zones in ISOCENTER_ZONES.',
    schema: z.enum(ZONES, `is none of ${ZONES.join(', ')}`),
  }),
  ISOCENTER_DIMSE_PORT: optional({
    group: 'DIMSE',
    type: 'port',
    defaultNote: 'off',
    description: 'The port for DICOM associations (C-ECHO, C-STORE). Unset means that none is opened.',
    remedy: 'Use a free port number, for example 11112.',
    schema: port(0),
  }),
  ISOCENTER_DIMSE_AE_TITLE: key({
    group: 'DIMSE',
    type: 'AE title',
    default: 'ISOCENTER',
    description: 'Our application entity title.',
    remedy: 'Use 1 to 16 characters without a backslash.',
    schema: z
      .string()
      .regex(aeTitle, 'is not an AE title')
      .transform((text) => text.trim()),
  }),
  ISOCENTER_DIMSE_PEERS: key({
    group: 'DIMSE',
    type: 'list of AETITLE@host:port',
    default: '',
    description: 'The application entities that may associate with us and that we may send to. All others are refused.',
    remedy: 'Separate by commas, for example PACS@10.0.0.5:104,MR1@mr1.example.org:11112.',
    schema: peers,
  }),
  ISOCENTER_WORKER_THREADS: key({
    group: 'Work',
    type: 'number',
    default: String(Math.max(1, availableParallelism() - 1)),
    defaultNote: "one less than the machine's cores",
    description: 'Threads for heavy work (decoding, rendering, hashing).',
    remedy: 'Use a number from 1 to 256.',
    schema: wholeNumber(1, 256),
  }),
  ISOCENTER_DRAIN_SECONDS: key({
    group: 'Work',
    type: 'seconds',
    default: '30',
    description: 'How long a stopping server waits for requests and jobs in progress before it cuts them off.',
    remedy: 'Use a number from 0 to 3600.',
    schema: wholeNumber(0, 3600),
  }),
  ISOCENTER_LOG_LEVEL: key({
    group: 'Logging',
    type: 'level',
    default: 'info',
    description: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    remedy: 'Use trace, debug, info, warn, error, fatal or silent.',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'is not a log level'),
  }),
  ISOCENTER_LOG_FORMAT: optional({
    group: 'Logging',
    type: '`json` or `pretty`',
    defaultNote: '`pretty` on a terminal, else `json`',
    description: 'One JSON object per line, or lines for people.',
    remedy: 'Use json or pretty.',
    schema: z.enum(['json', 'pretty'], 'is neither json nor pretty'),
  }),
  ISOCENTER_URL: optional({
    group: 'Command line',
    type: 'address',
    defaultNote: '`http://127.0.0.1:8080`',
    description: 'The server that `isocenter send` talks to, instead of `--url`.',
    remedy: 'Give the full address, for example https://archive.example.org.',
    schema: httpUrl,
  }),
  ISOCENTER_TOKEN: optional({
    group: 'Command line',
    type: 'text',
    secret: true,
    defaultNote: 'for a server on this machine, the one in `<data>/bootstrap-token` when it can be read',
    description: 'The bearer token that `isocenter send` shows, instead of `--token`.',
    remedy: 'Use the token that the server gave you.',
    schema: z.string(),
  }),
} as const satisfies Record<string, Key<unknown>>;

export type KeyName = keyof typeof keys;
export type KeyValues = { readonly [K in KeyName]: z.output<(typeof keys)[K]['schema']> };

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text.replace('@/', '@localhost/'));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { keys } from './config-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'isocenter-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problemsOf = (env: Record<string, string>) => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

test('[OPS-3] nothing need be set: the server is for this machine, data lie in ./data, DIMSE is off', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    dataDir: resolve('data'),
    zones: ['landing', 'staging', 'repository'],
    storeZone: 'landing',
    maxBodyBytes: 16 * 2 ** 30,
    logLevel: 'info',
    unknownKeys: [],
  });
  for (const absent of ['dimse', 's3', 'databaseUrl', 'bootstrapToken', 'publicUrl', 'storageKeyFile']) {
    expect(config).not.toHaveProperty(absent);
  }
});

test('[OPS-3] a wrong value is named with its key, what is wrong and what to do; all of them at once', () => {
  const error = problemsOf({
    ISOCENTER_PORT: '99999',
    ISOCENTER_MAX_BODY_BYTES: 'much',
    ISOCENTER_ZONES: 'landing,attic',
  });
  expect(error.problems.map((problem) => problem.key)).toEqual([
    'ISOCENTER_PORT',
    'ISOCENTER_MAX_BODY_BYTES',
    'ISOCENTER_ZONES',
  ]);
  expect(error.message).toContain("ISOCENTER_PORT = '99999' is not between 0 and 65535.");
  expect(error.message).toContain('Use a free port number, for example 8080.');
  expect(error.message).toContain('has an entry that is none of landing, staging, repository');
});

test('[OPS-3] the value of a secret is in no message', () => {
  const secrets = Object.entries(keys).filter(([, key]) => 'secret' in key && key.secret);
  expect(secrets.map(([name]) => name)).toEqual(
    expect.arrayContaining(['DATABASE_URL', 'ISOCENTER_BOOTSTRAP_TOKEN', 'ISOCENTER_S3_SECRET_ACCESS_KEY']),
  );
  const { message } = problemsOf({
    ISOCENTER_BOOTSTRAP_TOKEN: 'hush hush',
    DATABASE_URL: 'mysql://me:hush@there',
    ISOCENTER_S3_SECRET_ACCESS_KEY: 'hush',
  });
  expect(message).not.toContain('hush');
  expect(message).toContain('DATABASE_URL is not a postgresql:// address.');
});

test('[IAM-1] an OpenID issuer is taken as it names itself, and over plain http on this machine only', () => {
  const withIssuer = (OIDC_ISSUER: string) => ({
    OIDC_ISSUER,
    OIDC_CLIENT_ID: 'isocenter',
    OIDC_CLIENT_SECRET: 'hush',
  });
  const accepted = ['https://login.example.org/oidc/', 'https://a.example.org/b', 'http://127.0.0.1:8081/realms/x'];
  for (const issuer of accepted) expect(loadConfig(withIssuer(issuer)).oidc?.issuer).toBe(issuer);
  for (const issuer of ['http://login.example.org/oidc', 'login.example.org', 'ftp://login.example.org'])
    expect(problemsOf(withIssuer(issuer)).problems.map(({ key }) => key)).toEqual(['OIDC_ISSUER']);
});

test('[IAM-1] roles of groups are refused unless they can be held so', () => {
  const map = (OIDC_ROLE_MAP: string) => ({ OIDC_ROLE_MAP });
  for (const text of ['it=administrator@p', 'x=researcher', 'x=chief', '=auditor', 'x=auditor/site'])
    expect(problemsOf(map(text)).problems.map(({ key }) => key)).toEqual(['OIDC_ROLE_MAP']);
  expect(loadConfig(map('a=b=auditor, x=data-curator@p/s'))).toBeDefined();
});

test('[OPS-3] keys that contradict each other are refused', () => {
  expect(problemsOf({ ISOCENTER_ZONES: 'repository' }).message).toContain(
    "ISOCENTER_STORE_ZONE = 'landing' is not among ISOCENTER_ZONES = 'repository'",
  );
  expect(problemsOf({ ISOCENTER_S3_ENDPOINT: 'http://127.0.0.1:9000' }).message).toContain(
    'ISOCENTER_S3_BUCKET is missing, but ISOCENTER_S3_ENDPOINT is set',
  );
  expect(problemsOf({ ISOCENTER_S3_BUCKET: 'images', ISOCENTER_S3_ACCESS_KEY_ID: 'id' }).problems).toMatchObject([
    { key: 'ISOCENTER_S3_SECRET_ACCESS_KEY' },
  ]);
  expect(problemsOf({ ISOCENTER_PORT: '11112', ISOCENTER_DIMSE_PORT: '11112' }).problems).toMatchObject([
    { key: 'ISOCENTER_DIMSE_PORT' },
  ]);
});

test('[OPS-3] lists, sizes, flags and peers are understood', () => {
  const config = loadConfig({
    ISOCENTER_CORS_ORIGINS: 'https://viewer.example.org, http://localhost:3000',
    ISOCENTER_MAX_BODY_BYTES: '512M',
    ISOCENTER_S3_BUCKET: 'images',
    ISOCENTER_S3_FORCE_PATH_STYLE: 'true',
    ISOCENTER_S3_ENDPOINT: 'http://127.0.0.1:9000/',
    ISOCENTER_DIMSE_PORT: '11112',
    ISOCENTER_DIMSE_PEERS: 'PACS@10.0.0.5:104, MR 1@[::1]:11113',
  });
  expect(config.corsOrigins).toEqual(['https://viewer.example.org', 'http://localhost:3000']);
  expect(config.maxBodyBytes).toBe(512 * 2 ** 20);
  expect(config.s3).toEqual({
    bucket: 'images',
    region: 'us-east-1',
    prefix: '',
    forcePathStyle: true,
    endpoint: 'http://127.0.0.1:9000',
  });
  expect(config.dimse).toEqual({
    port: 11112,
    aeTitle: 'ISOCENTER',
    peers: [
      { aeTitle: 'PACS', host: '10.0.0.5', port: 104 },
      { aeTitle: 'MR 1', host: '::1', port: 11113 },
    ],
  });
  expect(problemsOf({ ISOCENTER_DIMSE_PEERS: 'PACS:104' }).message).toContain("'PACS:104' that is not of the form");
  expect(problemsOf({ ISOCENTER_CORS_ORIGINS: 'https://x.org/path' }).message).toContain('not an origin');
});

test('[OPS-3] a file may hold any key, the environment wins over it, and an empty value counts as not set', () => {
  const file = join(folder, 'isocenter.conf');
  writeFileSync(file, '# ours\nISOCENTER_PORT=9000\nISOCENTER_HOST="0.0.0.0"\nDATABASE_URL=\n');
  const config = loadConfig({ ISOCENTER_CONFIG_FILE: file, ISOCENTER_PORT: '9001', ISOCENTER_HOST: ' ' });
  expect(config).toMatchObject({ port: 9001, host: '0.0.0.0' });
  expect(config).not.toHaveProperty('databaseUrl');
});

test('[OPS-3] a key that is not ours is an error in the file, with what it may have meant, and a warning in the environment', () => {
  const file = join(folder, 'mistyped.conf');
  writeFileSync(file, 'ISOCENTER_PROT=9000\nPATH=/bin\n');
  const error = problemsOf({ ISOCENTER_CONFIG_FILE: file });
  expect(error.problems).toMatchObject([
    { key: 'ISOCENTER_PROT', remedy: 'Did you mean ISOCENTER_PORT?' },
    { key: 'PATH' },
  ]);
  expect(loadConfig({ ISOCENTER_PROT: '9000', OTHER: 'x' }).unknownKeys).toEqual(['ISOCENTER_PROT']);
});

test('[OPS-3] a file that cannot be read is named', () => {
  expect(problemsOf({ ISOCENTER_CONFIG_FILE: join(folder, 'nothing') }).message).toContain("can't be read (ENOENT)");
});

test('[OPS-3] every default passes its own check', () => {
  expect(() => loadConfig({})).not.toThrow();
  for (const key of Object.values(keys)) {
    expect(key.description).toMatch(/\.$/);
    expect(key.remedy).toMatch(/\.$/);
  }
});

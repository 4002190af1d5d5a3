import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyReencoded,
  encodeElements,
  firstString,
  type JsonDataSet,
  type Part10,
  readPart10,
  sopClassName,
  toJson,
  transferSyntaxOf,
} from '@isocenter/dicom';
import { startTestServer, type TestServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { type Orthanc, orthancMissing, startOrthanc } from '@isocenter/testkit/orthanc';
import { freePort, programsMissing, serveProgram } from '@isocenter/testkit/programs';
import { realFiles, realFilesMissing } from '@isocenter/testkit/real-files';
import { firstOfEach, pathOf, type RealInstance, realInstances } from '@isocenter/testkit/real-instances';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingInstance } from '../../archive/index.ts';
import { echo } from './echo.ts';
import { find } from './find.ts';
import { move } from './move.ts';
import { store } from './store.ts';

const me = { callingAeTitle: 'ISOCENTER' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-scu-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Some of the real files, each SOP Instance UID once. */
const someFiles = (paths: readonly string[]): RealInstance[] =>
  firstOfEach(realInstances(paths)).filter(({ part10, sopClass }) => !part10.truncated && sopClassName(sopClass));

async function* pieces(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const outgoing = ({ part10, dataSet, sopClass, uid }: RealInstance): OutgoingInstance => ({
  sopClassUid: sopClass,
  sopInstanceUid: uid,
  transferSyntaxUid: part10.transferSyntax.uid,
  dataSet: () => pieces(dataSet),
});

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}

describe('storescp of dcmtk', () => {
  needs(realFilesMissing ?? programsMissing('storescp'));

  async function storescp(...args: string[]) {
    const into = await mkdtemp(join(folder, 'storescp-'));
    const port = await freePort();
    const program = await serveProgram('storescp', ['-pm', '+B', '-od', into, ...args, String(port)], port);
    const received = async (): Promise<Map<string, { part10: Part10; dataSet: Uint8Array }>> => {
      const files = await Promise.all((await readdir(into)).map((name) => readFile(join(into, name))));
      return new Map(
        files.map((bytes) => {
          const part10 = readPart10(bytes);
          return [firstString(part10.meta, 0x00020003)!, { part10, dataSet: bytes.subarray(part10.dataSetOffset) }];
        }),
      );
    };
    return { peer: { aeTitle: 'STORESCP', host: '127.0.0.1', port }, received, stop: () => program.stop() };
  }

  it('[ARCH-5] answers C-ECHO', async () => {
    const { peer, stop } = await storescp();
    await echo(peer, me);
    await stop();
  });

  it('[ARCH-5] gets the data set of an instance as it is stored, byte by byte, in every transfer syntax', {
    timeout: 120_000,
  }, async () => {
    const files = someFiles(realFiles.filter((path, i) => path.startsWith('dicom/') || i % 9 === 0));
    const { peer, received, stop } = await storescp('+xa');
    const results = await all(store(peer, files.map(outgoing), me));
    await stop();
    const there = await received();
    const refused = results.filter(({ outcome }) => outcome !== 'stored').map(({ sopInstanceUid }) => sopInstanceUid);
    for (const file of files) {
      if (refused.includes(file.uid)) continue;
      const { part10, dataSet } = there.get(file.uid)!;
      // A data set of odd length can't go over the network; it gets the zero that makes it even.
      const even = Buffer.concat([file.dataSet, Buffer.alloc(file.dataSet.length % 2)]);
      expect(Buffer.compare(dataSet, even), file.name).toBe(0);
      expect(part10.transferSyntax.uid, file.name).toBe(file.part10.transferSyntax.uid);
    }
    // dcmtk of this age knows no HTJ2K.
    expect(refused.length).toBeLessThan(files.length * 0.05);
    expect(new Set(files.map(({ part10 }) => part10.transferSyntax.uid)).size).toBeGreaterThan(8);
  });

  it('[ARCH-5] gets it in implicit VR little endian when it takes nothing else', async () => {
    const files = someFiles(realFiles.filter((path) => path.startsWith('dicom/pydicom-test'))).slice(0, 30);
    const { peer, received, stop } = await storescp('+xi');
    const instances = files.map(
      (file): OutgoingInstance => ({
        ...outgoing(file),
        transcoded: async (uid) => {
          const { dataSet, transferSyntax, dataSetOffset } = file.part10;
          if (transferSyntax.encapsulated || transferSyntax.deflated) return undefined;
          const segments = encodeElements(dataSet, transferSyntaxOf(uid));
          const original = Buffer.concat([Buffer.alloc(dataSetOffset), file.dataSet]);
          return pieces(applyReencoded(segments, original));
        },
      }),
    );
    const results = await all(store(peer, instances, me));
    await stop();
    const there = await received();
    for (const [i, { outcome, sopInstanceUid }] of results.entries()) {
      const { encapsulated, deflated } = files[i]!.part10.transferSyntax;
      expect(outcome, files[i]!.name).toBe(encapsulated || deflated ? 'not-accepted' : 'stored');
      if (outcome === 'stored') expect(there.get(sopInstanceUid)!.part10.transferSyntax.uid).toBe('1.2.840.10008.1.2');
    }
    expect(there.size).toBeGreaterThan(5);
  });
});

describe('Orthanc', () => {
  needs(realFilesMissing ?? orthancMissing);

  let orthanc: Orthanc;
  let server: TestServer;
  let peer: Orthanc['peer'];

  beforeAll(async () => {
    if (realFilesMissing ?? orthancMissing) return;
    const ourPort = await freePort();
    orthanc = await startOrthanc(join(folder, 'orthanc'), {
      modalities: { isocenter: { aeTitle: 'ISOCENTER', port: ourPort } },
    });
    peer = orthanc.peer;
    server = await startTestServer({
      ISOCENTER_DIMSE_PORT: String(ourPort),
      ISOCENTER_DIMSE_PEERS: `ORTHANC@127.0.0.1:${peer.port}`,
    });
  });
  afterAll(async () => {
    await server?.stop();
    await orthanc?.stop();
  });

  const ui = (...Value: string[]) => ({ vr: 'UI' as const, Value });

  it('[ARCH-5] takes what we send, finds it and moves it to us', async () => {
    const files = someFiles(
      realFiles.filter((path) => path.startsWith('mr/philips-dwi') || path.startsWith('us/')),
    ).slice(0, 12);
    const results = await all(store(peer, files.map(outgoing), me));
    expect(results.map(({ outcome }) => outcome)).toEqual(files.map(() => 'stored'));
    const studies = new Set(files.map(({ study }) => study));

    const keys: JsonDataSet = { '0020000D': { vr: 'UI' }, '00100020': { vr: 'LO' }, '00201208': { vr: 'IS' } };
    const found = await all(find(peer, { level: 'STUDY', keys }, me));
    expect(new Set(found.map((match) => match['0020000D']!.Value![0]))).toEqual(studies);
    for (const { study, series, uid, name } of files) {
      const keys = { '0020000D': ui(study), '0020000E': ui(series), '00080018': { vr: 'UI' as const } };
      const instances = await all(find(peer, { level: 'IMAGE', keys }, me));
      expect(
        instances.flatMap((match) => match['00080018']?.Value ?? []),
        name,
      ).toContain(uid);
    }
    for (const study of studies) {
      const moved = await all(
        move(peer, { level: 'STUDY', keys: { '0020000D': ui(study) }, destination: 'ISOCENTER' }, me),
      );
      expect(moved.at(-1)).toMatchObject({ done: true, failed: 0 });
    }
    for (const file of files) {
      const answer = await server.fetch(`/dicom-web${pathOf(file)}/metadata`);
      expect(answer.status, file.name).toBe(200);
    }
  });

  it('[ARCH-5] finds names in the character set of the answer', async () => {
    // One character set each: of several in one name Orthanc knows only some.
    const names = ['Arab', 'Fren', 'Germ', 'Greek', 'Hbrw', 'Russ', 'X1', 'X2'];
    const files = someFiles(names.map((name) => `dicom/pydicom-charset-files/chr${name}.dcm`));
    expect(files).toHaveLength(names.length);
    await all(store(peer, files.map(outgoing), me));
    for (const { part10, study, name: path } of files) {
      const keys: JsonDataSet = { '0020000D': ui(study), '00100010': { vr: 'PN' } };
      const [match] = await all(find(peer, { level: 'STUDY', keys }, me));
      expect(match!['00100010'], path).toEqual(toJson(part10.dataSet)['00100010']);
      const [name] = match!['00100010']!.Value as [Record<string, string>];
      // Orthanc compares the text as it is stored, with a = at its end that has no meaning.
      const last = Object.keys(name).at(-1)!;
      const Value = [{ ...name, [last]: `${name[last]}*` }];
      const asked = await all(find(peer, { level: 'STUDY', keys: { ...keys, '00100010': { vr: 'PN', Value } } }, me));
      expect(asked, path).toHaveLength(1);
    }
  });

  it('[ARCH-5] refuses what it does not know, and says so', async () => {
    const asking = all(move(peer, { level: 'STUDY', keys: { '0020000D': ui('1.2.3') }, destination: 'NOWHERE' }, me));
    await expect(asking).rejects.toMatchObject({ code: 'failed' });
    expect(await all(find(peer, { level: 'STUDY', keys: { '0020000D': ui('1.2.3') } }, me))).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { IMPLEMENTATION_CLASS_UID, readPart10, transferSyntaxes } from '@isocenter/dicom';
import { testDatabase } from '@isocenter/testkit';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../platform/log.ts';
import { openStorage, type Storage } from '../../../platform/storage/index.ts';
import { testTracer } from '../../../platform/tracer/test/test-tracer.ts';
import type { OutgoingInstance } from '../../archive/index.ts';
import { Claimant } from '../../archive/ingest/claimant.ts';
import { Ingest } from '../../archive/ingest/ingest.ts';
import { type InstanceFile, instanceFile, SECONDARY_CAPTURE } from '../../archive/test/instance-file.ts';
import { unassigned } from '../../directory/test/unassigned.ts';
import { AllowedPeers } from '../allowed-peers.ts';
import { echo } from '../scu/echo.ts';
import { openAssociation } from '../scu/open-association.ts';
import { store } from '../scu/store.ts';
import { closeLoopback, connectTo, everything } from '../test/loopback.ts';
import { encodeAssociateRequest } from '../upper-layer/associate-pdu.ts';
import type { Association, Message } from '../upper-layer/association.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { encodeReleaseReply, PduType } from '../upper-layer/pdu.ts';
import { DimseServer, type DimseServerOptions } from './dimse-server.ts';

const db = testDatabase();
let folder: string;
let storage: Storage;
let claimant: Claimant;
let ingest: Ingest;
let server: DimseServer | undefined;
let logged = '';

const log = createLog(
  { logLevel: 'debug', logFormat: 'json' },
  new Writable({
    write(chunk, _, done) {
      logged += String(chunk);
      done();
    },
  }),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-dimse-'));
  storage = await openStorage({ dataDir: folder });
  claimant = await Claimant.open(db.database, log);
  ingest = new Ingest({ pool: db.database.pool, ...storage, claimant, tracer: testTracer(db.database.pool), log });
});
afterAll(async () => {
  await claimant.close();
  await storage.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  logged = '';
});
afterEach(async () => {
  closeLoopback();
  await server?.stop(0);
  server = undefined;
});

const me = { callingAeTitle: 'MR1', timeoutMs: 5000 };
const SYNTAX = '1.2.840.10008.1.2.1';

async function serve(options: Partial<DimseServerOptions> = {}) {
  server = new DimseServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'ISOCENTER',
    peers: new AllowedPeers([
      { aeTitle: 'MR1', host: '127.0.0.1', port: 1 },
      { aeTitle: 'CT1', host: '192.0.2.1', port: 1 },
    ]),
    ingest,
    area: unassigned.landing,
    timeoutMs: 5000,
    idleMs: 5000,
    maxAssociations: 4,
    log,
    ...options,
  });
  return { aeTitle: 'ISOCENTER', host: '127.0.0.1', port: await server.listen() };
}

/** An instance file as what is sent of it: its data set. */
function outgoing({ bytes, instance }: InstanceFile, as: Partial<OutgoingInstance> = {}): OutgoingInstance {
  const { dataSetOffset, transferSyntax } = readPart10(bytes);
  return {
    sopClassUid: SECONDARY_CAPTURE,
    sopInstanceUid: instance,
    transferSyntaxUid: transferSyntax.uid,
    dataSet: () => oneByOne(bytes.subarray(dataSetOffset)),
    ...as,
  };
}
async function* oneByOne(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}
/** The header of an element in explicit VR little endian. */
function element(tag: number, vr: string, length: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, 'latin1');
  header.writeUInt32LE(length, 8);
  return header;
}
async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}
async function sent(peer: Awaited<ReturnType<typeof serve>>, ...instances: OutgoingInstance[]) {
  return all(store(peer, instances, me));
}

interface Row {
  readonly sha256: string;
  readonly dataSetOffset: number;
}
async function stored({ instance }: Pick<InstanceFile, 'instance'>): Promise<Buffer | undefined> {
  const { rows } = await db.database.pool.query<Row>(
    `select encode(sha256, 'hex') as sha256, data_set_offset as "dataSetOffset" from instance where sop_instance_uid = $1`,
    [instance],
  );
  return rows[0] && storage.objects.read(rows[0].sha256 as Parameters<typeof storage.objects.read>[0]);
}
/** Objects and what lies half-way, wherever. */
const leftovers = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

const contexts = [{ abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [SYNTAX] }];
const storeRequest = (instance: string) => ({
  commandField: CommandField.cStoreRequest,
  affectedSopClassUid: SECONDARY_CAPTURE,
  affectedSopInstanceUid: instance,
  messageId: 1,
});
const request = (calledAeTitle: string, callingAeTitle: string) =>
  encodeAssociateRequest({
    calledAeTitle,
    callingAeTitle,
    contexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
    maxLength: 0,
    implementationClassUid: '1.2',
    implementationVersionName: 'V',
  });

describe('the DICOM port', () => {
  it('[ARCH-5] answers C-ECHO', async () => {
    await echo(await serve(), me);
  });

  it('[ARCH-5] stores the data set byte by byte as it came, in every transfer syntax that we can write', async () => {
    const peer = await serve();
    const uids = transferSyntaxes.filter(({ encapsulated }) => !encapsulated).map(({ uid }) => uid);
    const files = uids.map((transferSyntaxUid) => instanceFile({ write: { transferSyntaxUid } }));
    expect(await sent(peer, ...files.map((file) => outgoing(file)))).toEqual(
      files.map(({ instance }) => ({ sopInstanceUid: instance, outcome: 'stored', status: 0 })),
    );
    for (const file of files) {
      const [came, went] = [readPart10((await stored(file))!), readPart10(file.bytes)];
      const bytes = (await stored(file))!.subarray(came.dataSetOffset);
      expect(Buffer.compare(bytes, file.bytes.subarray(went.dataSetOffset))).toBe(0);
      expect(came.transferSyntax.uid).toBe(went.transferSyntax.uid);
      expect(String.fromCharCode(...came.meta.elements.get(0x00020016)!.value!).trim()).toBe('MR1');
    }
  });

  it('[ARCH-5] answers why an instance is not stored, or stored with a warning', async () => {
    const peer = await serve();
    const file = instanceFile();
    const other = instanceFile({ ...file, elements: { '00100020': { vr: 'LO', Value: ['ANOTHER'] } } });
    const truncated = instanceFile({ elements: { '7FE00010': { vr: 'OW', InlineBinary: 'AAAAAAAAAAAAAAAA' } } });
    const without = instanceFile();
    // A sequence that holds no item.
    const unreadable = Buffer.from([8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0]);
    const results = await sent(
      peer,
      outgoing(file),
      outgoing(file),
      outgoing(other),
      outgoing(truncated, {
        dataSet: () => oneByOne(truncated.bytes.subarray(readPart10(truncated.bytes).dataSetOffset, -3)),
      }),
      outgoing(without, { dataSet: () => oneByOne(unreadable) }),
      outgoing(without, { sopInstanceUid: 'not a UID' }),
      outgoing(without, { dataSet: () => oneByOne(Buffer.from([8, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x4d, 0x52])) }),
    );
    expect(results.map(({ status }) => status!.toString(16))).toEqual(['0', '0', '111', 'b007', 'c000', '117', 'a900']);
    expect(await stored(without)).toBeUndefined();
  });

  it('[ARCH-5] takes no command that it does not offer, and goes on', async () => {
    const association = await openAssociation(
      await serve(),
      [...contexts, { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [SYNTAX] }],
      me,
    );
    const [storage, verification] = association.contexts.values();
    const ask = async (
      context: typeof storage,
      command: Parameters<Association['send']>[1],
      data?: Buffer,
    ): Promise<Message['command']> => {
      await association.send(context!, { messageId: 9, ...command }, data && oneByOne(data));
      return (await association.receive())!.command;
    };
    const find = { commandField: CommandField.cFindRequest };
    expect(await ask(storage, find, Buffer.alloc(1000))).toMatchObject({
      commandField: 0x8020,
      status: 0x0211,
      messageIdBeingRespondedTo: 9,
    });
    expect(await ask(verification, storeRequest('1.2'), Buffer.alloc(1000))).toMatchObject({ status: 0x0211 });
    const wrongClass = { ...storeRequest('1.2'), affectedSopClassUid: '1.2.3' };
    expect(await ask(storage, wrongClass, Buffer.alloc(1000))).toMatchObject({ status: 0x0122 });
    expect(await ask(storage, storeRequest('1.2'))).toMatchObject({ status: 0x0117 });
    await association.send(verification!, { commandField: CommandField.cCancelRequest, messageIdBeingRespondedTo: 9 });
    expect(await ask(verification, { commandField: CommandField.cEchoRequest })).toMatchObject({ status: 0 });
    await association.release();
  });

  it('[ARCH-5] stores nothing of an instance of which the sender goes away half-way', async () => {
    const peer = await serve();
    const before = (await leftovers()).length;
    const file = instanceFile({
      elements: { '00281201': { vr: 'OW', InlineBinary: Buffer.alloc(300_000).toString('base64') } },
    });
    async function* half(): AsyncGenerator<Uint8Array, void, void> {
      yield file.bytes.subarray(readPart10(file.bytes).dataSetOffset, 200_000);
      throw new Error('the sender breaks down');
    }
    for (const end of ['abort', 'destroy'] as const) {
      const association = await openAssociation(peer, contexts, me);
      const [context] = association.contexts.values();
      await expect(association.send(context!, storeRequest(file.instance), half())).rejects.toThrow('breaks down');
      await association[end]();
      await server!.stop(5000);
      expect(await stored(file)).toBeUndefined();
      expect(await leftovers()).toHaveLength(before);
      expect(logged).toContain('an association ended early');
      peer.port = (await serve()).port;
    }
    expect(await sent(peer, outgoing(file))).toMatchObject([{ outcome: 'stored' }]);
  });
});

describe('who may associate', () => {
  it('[ARCH-5] is on the list, calls from its address and means us', async () => {
    const peer = await serve();
    const refused = { code: 'rejected' };
    await expect(echo(peer, { ...me, callingAeTitle: 'STRANGER' })).rejects.toMatchObject({
      ...refused,
      message: /our AE title/,
    });
    await expect(echo(peer, { ...me, callingAeTitle: 'CT1' })).rejects.toMatchObject({
      ...refused,
      message: /our AE title/,
    });
    await expect(echo({ ...peer, aeTitle: 'OTHER' }, me)).rejects.toMatchObject({
      ...refused,
      message: /another AE title/,
    });
    await expect(echo({ ...peer, aeTitle: 'OTHER' }, { ...me, callingAeTitle: 'STRANGER' })).rejects.toMatchObject({
      message: /our AE title/,
    });
    await server!.stop(5000);
    expect(logged.match(/an association was rejected/g)).toHaveLength(4);
  });

  it('[ARCH-5] speaks our protocol', async () => {
    const { port } = await serve();
    const answers: Buffer[] = [];
    const version = request('ISOCENTER', 'MR1');
    version.writeUInt16BE(2, 6);
    const application = Buffer.from(
      request('ISOCENTER', 'MR1').toString('latin1').replace('1.2.840.10008.3.1.1.1', '1.2.840.10008.3.1.1.2'),
      'latin1',
    );
    for (const bytes of [version, application, encodeReleaseReply(), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = await connectTo(port);
      socket.end(bytes);
      answers.push(await everything(socket));
    }
    expect(answers.map((answer) => [answer[0], ...answer.subarray(7)])).toEqual([
      [PduType.associateReject, 1, 2, 2],
      [PduType.associateReject, 1, 1, 2],
      [PduType.abort, 0, 2, 2],
      [undefined],
    ]);
  });

  it('[ARCH-5] comes again when there are too many', async () => {
    const peer = await serve({ maxAssociations: 2 });
    const open = [await openAssociation(peer, contexts, me), await openAssociation(peer, contexts, me)];
    await expect(echo(peer, me)).rejects.toMatchObject({ code: 'rejected', message: /for now: it has too many/ });
    await open[0]!.release();
    await echo(peer, me);
    await open[1]!.release();
  });

  it('[ARCH-5] does not stay without a word', async () => {
    const peer = await serve({ timeoutMs: 100, idleMs: 150 });
    const silent = await connectTo(peer.port);
    await once(silent.resume(), 'close');
    const association = await openAssociation(peer, contexts, me);
    expect(await association.receive().catch(({ code }: { code: string }) => code)).toBeOneOf([
      undefined,
      'connection-lost',
      'aborted',
    ]);
  });

  it('[ARCH-5] may send anything without harm', async () => {
    const peer = await serve({ maxAssociations: 100 });
    const valid = Buffer.concat([
      request('ISOCENTER', 'MR1'),
      Buffer.from([4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3, 1, 2]),
      encodeReleaseReply(),
    ]);
    const damaged = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, value, length]) => {
      const bytes = Buffer.from(valid);
      bytes[at] = value;
      return bytes.subarray(0, length);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const socket = await connectTo(peer.port);
        socket.end(bytes);
        await everything(socket).catch(() => undefined);
      }),
      { numRuns: 150 },
    );
    await echo(peer, me);
    expect(logged).not.toContain('an association failed');
  });
});

describe('stopping', () => {
  it('[ARCH-5] ends idle associations at once', async () => {
    const association = await openAssociation(await serve(), contexts, me);
    const received = association.receive().catch(({ code }: { code: string }) => code);
    await server!.stop(60_000);
    expect(await received).toBe('aborted');
  });

  /** The archive, and when it begins to receive. */
  function watched() {
    const { promise: receiving, resolve } = Promise.withResolvers<void>();
    const receive: typeof ingest.receive = (source, context) => {
      resolve();
      return ingest.receive(source, context);
    };
    return { receiving, ingest: { receive } };
  }

  it('[ARCH-5] lets what is under way finish, and takes no more', async () => {
    const { receiving, ...archive } = watched();
    const peer = await serve(archive);
    const file = instanceFile();
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    async function* slowly(): AsyncGenerator<Uint8Array, void, void> {
      const pixelData = element(0x7fe00010, 'OW', 1 << 20);
      yield Buffer.concat([
        file.bytes.subarray(readPart10(file.bytes).dataSetOffset),
        pixelData,
        Buffer.alloc(1 << 19),
      ]);
      await goOn;
      yield Buffer.alloc(1 << 19);
    }
    const both = [outgoing(file, { dataSet: slowly }), outgoing(instanceFile())];
    const results: unknown[] = [];
    const sending = (async () => {
      for await (const result of store(peer, both, me)) results.push(result);
    })().catch((error: unknown) => error);
    await receiving;
    const stopping = server!.stop(60_000);
    await expect(echo(peer, me)).rejects.toMatchObject({ code: 'connect-failed' });
    resolve();
    await stopping;
    expect(await sending).toMatchObject({ code: expect.stringMatching(/aborted|connection-lost/) });
    expect(results).toMatchObject([{ outcome: 'stored' }]);
    expect(await stored(file)).toBeDefined();
  });

  it('[ARCH-5] cuts what does not come to its end in time, and stores nothing of it', async () => {
    const { receiving, ...archive } = watched();
    const peer = await serve(archive);
    const file = instanceFile();
    const { promise: never } = Promise.withResolvers<void>();
    async function* stuck(): AsyncGenerator<Uint8Array, void, void> {
      yield file.bytes.subarray(readPart10(file.bytes).dataSetOffset);
      await never;
    }
    all(store(peer, [outgoing(file, { dataSet: stuck })], me)).catch(() => undefined);
    await receiving;
    await server!.stop(50);
    expect(await stored(file)).toBeUndefined();
  });
});

describe('DICOM over TLS', () => {
  it('[ARCH-5] is served and asked for with certificates', async () => {
    const keys = mkdtempSync(join(folder, 'tls-'));
    const arguments_ =
      'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    execFileSync('openssl', [...arguments_.split(' '), '-keyout', `${keys}/key.pem`, '-out', `${keys}/cert.pem`], {
      stdio: 'ignore',
    });
    const [key, cert] = [readFileSync(`${keys}/key.pem`), readFileSync(`${keys}/cert.pem`)];
    const peer = await serve({ tls: { key, cert } });
    const tls = { ca: cert, servername: 'localhost' };
    await echo(peer, { ...me, tls });
    const file = instanceFile();
    expect(await all(store(peer, [outgoing(file)], { ...me, tls }))).toMatchObject([{ outcome: 'stored' }]);
    await expect(echo(peer, { ...me, tls: { servername: 'localhost' } })).rejects.toMatchObject({
      code: 'connect-failed',
    });
    await rm(keys, { recursive: true });
  });
});

describe('the log', () => {
  it('[ARCH-5] tells who sent how many, and nothing of patients', async () => {
    const peer = await serve();
    const refused = instanceFile({ elements: { '0020000D': { vr: 'UI' } } });
    await sent(peer, outgoing(instanceFile()), outgoing(refused));
    await server!.stop(5000);
    expect(logged).toContain('"callingAeTitle":"MR1"');
    expect(logged).toMatch(/"stored":1,"failed":1/);
    for (const secret of ['Doe', 'Jane', 'P-77']) expect(logged).not.toContain(secret);
    expect(IMPLEMENTATION_CLASS_UID).toMatch(/^2\.25\./);
  });
});

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DimseError } from '../dimse-error.ts';
import { closeLoopback, everything, socketPair } from '../test/loopback.ts';
import { Association } from './association.ts';
import { CommandField, encodeCommandSet } from './command-set.ts';
import { Connection } from './connection.ts';
import { abortReasons, encodeAbort, encodePdu, encodePdvHeader, encodeReleaseRequest, PduType } from './pdu.ts';

const context = { id: 1, abstractSyntax: '1.2.3', transferSyntax: '1.2.840.10008.1.2' };
const association = (socket: ConstructorParameters<typeof Connection>[0], peerMaxLength = 0, timeoutMs = 5000) =>
  new Association({ connection: new Connection(socket), contexts: [context], peerMaxLength, timeoutMs });

afterEach(closeLoopback);

async function associated(peerMaxLength = 0): Promise<[Association, Association]> {
  const [a, b] = await socketPair();
  return [association(a, peerMaxLength), association(b)];
}

async function read(from: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of from ?? []) parts.push(part);
  return Buffer.concat(parts);
}
async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const request = { commandField: CommandField.cStoreRequest, messageId: 7, affectedSopInstanceUid: '1.2' };
const command = (last = true) => {
  const bytes = encodeCommandSet({ ...request, commandDataSetType: 1 });
  return Buffer.concat([encodePdvHeader(1, true, last, bytes.length), bytes]);
};
const data = (length: number, last: boolean, contextId = 1) =>
  Buffer.concat([encodePdvHeader(contextId, false, last, length), Buffer.alloc(length)]);

describe('an association', () => {
  it('[ARCH-5] carries commands and data sets of any length, in fragments that the peer takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.constantFrom(0, 1030, 4096, 16_384, 131_072, 4_000_000),
        async (length, size, maxLength) => {
          const [scu, scp] = await associated(maxLength);
          const bytes = Buffer.alloc(length).map((_, i) => (i * 7) >> 3);
          const sent = scu
            .send(context, request, chunked(bytes, size))
            .then(() => scu.send(context, { commandField: 0x30 }));
          const message = await scp.receive();
          expect(message).toMatchObject({ context, command: request });
          // Of odd length, it gets the zero that makes it even.
          const even = Buffer.concat([bytes, Buffer.alloc(length % 2)]);
          expect(Buffer.compare(await read(message!.dataSet), even)).toBe(0);
          expect(await scp.receive()).toMatchObject({ command: { commandField: 0x30 } });
          await sent;
          scu.destroy();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('[ARCH-5] passes over what of a data set was not read', async () => {
    const [scu, scp] = await associated(2000);
    const sent = scu
      .send(context, request, chunked(Buffer.alloc(50_000), 999))
      .then(() => scu.send(context, { commandField: 0x30 }));
    const message = await scp.receive();
    for await (const _ of message!.dataSet!) break;
    expect(await scp.receive()).toMatchObject({ command: { commandField: 0x30 } });
    await sent;
  });

  it('[ARCH-5] takes several fragments of one PDU', async () => {
    const [socket, other] = await socketPair();
    const scp = association(other);
    const fragments = [
      command().subarray(6),
      data(3, false).subarray(6),
      data(5, true).subarray(6),
      command().subarray(6),
      data(2, true).subarray(6),
    ];
    socket.write(encodePdu(PduType.data, Buffer.concat(fragments)));
    for (const length of [8, 2]) expect(await read((await scp.receive())?.dataSet)).toHaveLength(length);
  });

  it('[ARCH-5] holds no more of a data set than is read', async () => {
    const [a, b] = await socketPair();
    const [scu, scp] = [association(a, 0, 300), association(b)];
    let produced = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, void> {
      for (;;) {
        produced += 1 << 20;
        yield Buffer.alloc(1 << 20);
      }
    }
    const sending = scu.send(context, request, endless());
    // Awaited below; until then a rejection is no surprise.
    sending.catch(() => undefined);
    const message = await scp.receive();
    await message!.dataSet!.next();
    // The sender fills the buffers of the two sockets, and then waits in vain.
    await expect(sending).rejects.toMatchObject({ code: 'timed-out' });
    expect(produced).toBeLessThan(32 << 20);
  });

  it('[ARCH-5] ends when it is released, by an answer to the release', async () => {
    const [scu, scp] = await associated();
    const received = scp.receive().then(async (message) => {
      await scp.close();
      return message;
    });
    await scu.release();
    expect(await received).toBeUndefined();
  });

  it.each<[string, string, Buffer]>([
    ['an abort', 'aborted', encodeAbort(abortReasons.byUser)],
    ['a PDU of a length that nobody sends', 'protocol', Buffer.from([4, 0, 0x7f, 0xff, 0xff, 0xff])],
    ['a PDU of a type that there is not', 'protocol', encodePdu(0x47, Buffer.from('ET / HTTP/1.1'))],
    [
      'an association request within an association',
      'protocol',
      encodePdu(PduType.associateRequest, Buffer.alloc(100)),
    ],
    ['fragments whose lengths lie', 'protocol', encodePdu(PduType.data, Buffer.from([0, 0, 0, 99, 1, 3]))],
    ['a fragment of a context that was not agreed on', 'protocol', data(4, true, 3)],
    ['a data set without a command', 'protocol', data(4, true)],
    ['data within a command', 'protocol', Buffer.concat([command(false), data(4, true)])],
    ['a command within a data set', 'protocol', Buffer.concat([command(), data(4, false), command()])],
    ['a release within a data set', 'protocol', Buffer.concat([command(), data(4, false), encodeReleaseRequest()])],
    ['a command without end', 'protocol', Buffer.concat(Array.from({ length: 1500 }, () => command(false)))],
  ])('[ARCH-5] is over after %s', async (_, code, bytes) => {
    const [socket, other] = await socketPair();
    const scp = association(other);
    socket.write(bytes);
    const answer = everything(socket);
    const work = async (): Promise<void> => {
      for (let message = await scp.receive(); message; message = await scp.receive()) await read(message.dataSet);
    };
    const error = await work().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DimseError);
    expect(error).toMatchObject({ code });
    scp.destroy();
    // Who breaks the protocol is told so, unless not even the length of what came could be believed.
    const told = await answer;
    if (code === 'protocol' && told.length > 0) expect(told[0]).toBe(PduType.abort);
  });

  it('[ARCH-5] is lost when the connection ends within a message, and over when it ends between two', async () => {
    for (const [bytes, expected] of [
      [command().subarray(0, 20), 'connection-lost'],
      [command(), 'protocol'],
      [Buffer.alloc(0), undefined],
    ] as const) {
      const [socket, other] = await socketPair();
      const scp = association(other);
      socket.end(bytes);
      const result = await scp
        .receive()
        .then(async (message) => read(message?.dataSet).then(() => undefined))
        .catch((error: DimseError) => error.code);
      expect(result).toBe(expected);
    }
  });

  it('[ARCH-5] is over when the peer is silent, or takes nothing', async () => {
    const [, other] = await socketPair();
    await expect(association(other, 0, 50).receive()).rejects.toMatchObject({ code: 'timed-out' });
    const [deaf] = await socketPair();
    const sending = association(deaf, 0, 200).send(context, request, chunked(Buffer.alloc(64 << 20), 1 << 20));
    await expect(sending).rejects.toMatchObject({ code: 'timed-out' });
  });
});

import { writeDataSet } from '@isocenter/dicom';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutgoingInstance } from '../../archive/index.ts';
import { closeLoopback, listen } from '../test/loopback.ts';
import { acceptAll, responseTo, type Script, scriptedPeer } from '../test/scripted-peer.ts';
import { CommandField } from '../upper-layer/command-set.ts';
import { abortReasons, encodeAbort, encodeReject, encodeReleaseReply, rejections } from '../upper-layer/pdu.ts';
import { echo } from './echo.ts';
import { find } from './find.ts';
import { move } from './move.ts';
import { store } from './store.ts';

const me = { callingAeTitle: 'ISOCENTER', timeoutMs: 5000 };
const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const JPEG = '1.2.840.10008.1.2.4.50';
const CT = '1.2.840.10008.5.1.4.1.1.2';

afterEach(closeLoopback);

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}
async function* bytes(...parts: Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
  yield* parts;
}

describe('asking for an association', () => {
  it('[ARCH-5] says why the peer rejects it', async () => {
    const texts: string[] = [];
    for (const rejection of [...Object.values(rejections), { result: 1, source: 1, reason: 1 }]) {
      const port = await listen((socket) => socket.end(encodeReject(rejection)));
      const error = await echo({ aeTitle: 'PEER', host: '127.0.0.1', port }, me).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'rejected' });
      texts.push((error as Error).message);
    }
    expect(texts).toEqual([
      'The peer rejected the association: it does not know the application context',
      'The peer rejected the association: it does not know our AE title',
      'The peer rejected the association: it has another AE title',
      'The peer rejected the association: it does not speak this version of the protocol',
      'The peer rejected the association for now: it is busy',
      'The peer rejected the association for now: it has too many associations',
      'The peer rejected the association: it gives no reason',
    ]);
  });

  it.each([
    ['goes away', 'connection-lost', Buffer.alloc(0)],
    ['aborts', 'aborted', encodeAbort(abortReasons.byUser)],
    ['answers something else', 'protocol', encodeReleaseReply()],
    ['speaks another protocol', 'protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('[ARCH-5] fails when the peer %s', async (_, code, answer) => {
    const port = await listen((socket) => socket.end(answer));
    await expect(echo({ aeTitle: 'PEER', host: '127.0.0.1', port }, me)).rejects.toMatchObject({ code });
  });

  it('[ARCH-5] fails when nobody listens, or nobody answers', async () => {
    const port = await listen(() => undefined);
    const peer = { aeTitle: 'PEER', host: '127.0.0.1', port };
    await expect(echo(peer, { ...me, timeoutMs: 50 })).rejects.toMatchObject({ code: 'timed-out' });
    closeLoopback();
    await expect(echo(peer, me)).rejects.toMatchObject({ code: 'connect-failed' });
  });

  it('[ARCH-5] can be ended by us', async () => {
    const port = await listen(() => undefined);
    const peer = { aeTitle: 'PEER', host: '127.0.0.1', port };
    const ending = new AbortController();
    const asking = echo(peer, { ...me, signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(asking).rejects.toThrow(/enough|ended by us/);
    await expect(echo(peer, { ...me, signal: ending.signal })).rejects.toThrow('enough');
  });
});

describe('C-ECHO', () => {
  it('[ARCH-5] succeeds when the peer answers, and releases the association', async () => {
    const { peer, requests, ends } = await scriptedPeer({
      answer: (message, association) => association.send(message.context, responseTo(message, { status: 0 })),
    });
    await echo(peer, me);
    expect(requests).toMatchObject([{ calledAeTitle: 'PEER', callingAeTitle: 'ISOCENTER', maxLength: 131_072 }]);
    expect(ends).toEqual(['released']);
  });

  it('[ARCH-5] fails when the peer refuses or answers something else', async () => {
    const answering = (script: Partial<Script>) =>
      scriptedPeer({ answer: (m, a) => a.send(m.context, responseTo(m, { status: 0 })), ...script });
    const refusing = await answering({ answer: (m, a) => a.send(m.context, responseTo(m, { status: 0x0122 })) });
    await expect(echo(refusing.peer, me)).rejects.toMatchObject({ code: 'failed', status: 0x0122 });
    const confused = await answering({
      answer: (m, a) => a.send(m.context, { ...responseTo(m, { status: 0 }), messageIdBeingRespondedTo: 99 }),
    });
    await expect(echo(confused.peer, me)).rejects.toMatchObject({ code: 'protocol' });
    const other = await answering({
      contexts: ({ contexts }) => contexts.map(({ id }) => ({ id, result: 3, transferSyntax: IMPLICIT })),
    });
    await expect(echo(other.peer, me)).rejects.toMatchObject({ code: 'not-accepted' });
  });
});

describe('C-STORE to a peer', () => {
  const instance = (n: number, more: Partial<OutgoingInstance> = {}): OutgoingInstance => ({
    sopClassUid: CT,
    sopInstanceUid: `1.2.${n}`,
    transferSyntaxUid: JPEG,
    dataSet: () => bytes(Buffer.from('as it is')),
    ...more,
  });

  /** A peer that takes only some transfer syntaxes, and keeps what it gets. */
  async function archive(taken: readonly string[], statuses: readonly number[] = []) {
    const got: { uid: string; syntax: string; text: string }[] = [];
    const scripted = await scriptedPeer({
      contexts: ({ contexts }) =>
        contexts.map(({ id, transferSyntaxes }) => {
          const transferSyntax = transferSyntaxes.find((uid) => taken.includes(uid));
          return { id, result: transferSyntax ? 0 : 4, transferSyntax: transferSyntax ?? IMPLICIT };
        }),
      answer: async (message, association) => {
        const text = Buffer.concat(await all(message.dataSet!)).toString();
        const { affectedSopInstanceUid = '' } = message.command;
        got.push({ uid: affectedSopInstanceUid, syntax: message.context.transferSyntax, text });
        await association.send(
          message.context,
          responseTo(message, { affectedSopInstanceUid, status: statuses[got.length - 1] ?? 0 }),
        );
      },
    });
    return { ...scripted, got };
  }

  it('[ARCH-5] sends an instance as it is where the peer takes it', async () => {
    const { peer, got } = await archive([JPEG, EXPLICIT]);
    const transcoded = () => Promise.reject(new Error('not needed'));
    expect(await all(store(peer, [instance(1, { transcoded })], me))).toEqual([
      { sopInstanceUid: '1.2.1', outcome: 'stored', status: 0 },
    ]);
    expect(got).toEqual([{ uid: '1.2.1', syntax: JPEG, text: 'as it is' }]);
  });

  it('[ARCH-5] sends it in the syntax that the peer takes, where it can be had', async () => {
    const { peer, got } = await archive([IMPLICIT]);
    const transcoded = async (uid: string) => bytes(Buffer.from(`in ${uid}`));
    const instances = [instance(1, { transcoded }), instance(2), instance(3, { transcoded: async () => undefined })];
    expect(await all(store(peer, instances, me))).toEqual([
      { sopInstanceUid: '1.2.1', outcome: 'stored', status: 0 },
      { sopInstanceUid: '1.2.2', outcome: 'not-accepted' },
      { sopInstanceUid: '1.2.3', outcome: 'not-accepted' },
    ]);
    expect(got).toEqual([{ uid: '1.2.1', syntax: IMPLICIT, text: `in ${IMPLICIT}` }]);
  });

  it('[ARCH-5] tells what the peer answers of each', async () => {
    const { peer } = await archive([JPEG], [0, 0xb000, 0xa700, 0x0110]);
    const results = await all(
      store(
        peer,
        [1, 2, 3, 4].map((n) => instance(n)),
        me,
      ),
    );
    expect(results.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['stored', 0],
      ['warning', 0xb000],
      ['failed', 0xa700],
      ['failed', 0x0110],
    ]);
  });

  it('[ARCH-5] takes more associations where one has too few presentation contexts', async () => {
    const { peer, requests, got } = await archive([JPEG, EXPLICIT]);
    const many = Array.from({ length: 100 }, (_, n) => instance(n, { sopClassUid: `1.2.3.${n}` }));
    expect((await all(store(peer, many, me))).filter(({ outcome }) => outcome === 'stored')).toHaveLength(100);
    expect(requests.map(({ contexts }) => contexts.length)).toEqual([128, 72]);
    expect(got).toHaveLength(100);
  });

  it('[ARCH-5] sends nothing when there is nothing', async () => {
    expect(await all(store({ aeTitle: 'PEER', host: '127.0.0.1', port: 1 }, [], me))).toEqual([]);
  });

  it('[ARCH-5] keeps the results that it had when the association ends', async () => {
    let count = 0;
    const { peer } = await scriptedPeer({
      answer: async (message, association) => {
        await all(message.dataSet!);
        if (++count === 3) await association.abort();
        else await association.send(message.context, responseTo(message, { status: 0 }));
      },
    });
    const results: unknown[] = [];
    const sending = (async () => {
      for await (const result of store(
        peer,
        [1, 2, 3, 4].map((n) => instance(n)),
        me,
      ))
        results.push(result);
    })();
    await expect(sending).rejects.toMatchObject({ code: 'aborted' });
    expect(results).toHaveLength(2);
  });

  it('[ARCH-5] aborts the association when an instance can not be read, or nobody wants the results', async () => {
    const { peer, ends } = await archive([JPEG]);
    async function* broken(): AsyncGenerator<Uint8Array, void, void> {
      yield Buffer.alloc(10);
      throw new Error('the disk is gone');
    }
    await expect(all(store(peer, [instance(1, { dataSet: broken })], me))).rejects.toThrow('the disk is gone');
    for await (const _ of store(peer, [instance(1), instance(2)], me)) break;
    await expect
      .poll(() => ends)
      .toEqual([expect.stringMatching(/aborted|lost/), expect.stringMatching(/aborted|lost/)]);
  });
});

describe('C-FIND', () => {
  const matches = [
    {
      '00080005': { vr: 'CS' as const, Value: ['ISO_IR 192'] },
      '00100010': { vr: 'PN' as const, Value: [{ Alphabetic: 'Müller^Jörg' }] },
    },
    {
      '00080005': { vr: 'CS' as const, Value: ['ISO_IR 100'] },
      '00100010': { vr: 'PN' as const, Value: [{ Alphabetic: 'Ångström' }] },
    },
  ];

  async function answering(last: number, syntax = EXPLICIT) {
    const identifiers: string[] = [];
    const scripted = await scriptedPeer({
      contexts: (request) => acceptAll(request).map((context) => ({ ...context, transferSyntax: syntax })),
      answer: async (message, association) => {
        identifiers.push(Buffer.concat(await all(message.dataSet!)).toString('latin1'));
        for (const [i, match] of matches.entries()) {
          const status = i === 0 ? 0xff00 : 0xff01;
          await association.send(
            message.context,
            responseTo(message, { status }),
            bytes(writeDataSet(match, { transferSyntaxUid: syntax })),
          );
        }
        await association.send(message.context, responseTo(message, { status: last }));
      },
    });
    return { ...scripted, identifiers };
  }

  it.each([EXPLICIT, IMPLICIT])('[ARCH-5] yields each match in its own character set, %s', async (syntax) => {
    const { peer, identifiers, requests, ends } = await answering(0, syntax);
    const keys = {
      '00100010': { vr: 'PN' as const, Value: [{ Alphabetic: 'M*' }] },
      '0020000D': { vr: 'UI' as const },
    };
    expect(await all(find(peer, { level: 'STUDY', keys }, me))).toEqual(matches);
    expect(identifiers[0]).toContain('STUDY');
    expect(identifiers[0]).not.toContain('ISO_IR');
    expect(requests[0]!.contexts[0]!.abstractSyntax).toBe('1.2.840.10008.5.1.4.1.2.2.1');
    expect(ends).toEqual(['released']);
  });

  it('[ARCH-5] asks in UTF-8 where it must', async () => {
    const { peer, identifiers } = await answering(0);
    await all(
      find(peer, { model: 'worklist', keys: { '00100010': { vr: 'PN', Value: [{ Alphabetic: '山*' }] } } }, me),
    );
    expect(identifiers[0]).toContain('ISO_IR 192');
    expect(identifiers[0]).toContain(Buffer.from('山*').toString('latin1'));
  });

  it('[ARCH-5] fails when the peer does, with the matches so far', async () => {
    const { peer } = await answering(0xa700);
    const found: unknown[] = [];
    const asking = (async () => {
      for await (const match of find(peer, { level: 'STUDY', keys: {} }, me)) found.push(match);
    })();
    await expect(asking).rejects.toMatchObject({ code: 'failed', status: 0xa700 });
    expect(found).toHaveLength(2);
  });

  it('[ARCH-5] can be left early', async () => {
    const { peer, ends } = await answering(0);
    for await (const match of find(peer, { level: 'STUDY', keys: {} }, me)) {
      expect(match).toEqual(matches[0]);
      break;
    }
    await expect.poll(() => ends).toEqual([expect.stringMatching(/aborted|lost|released/)]);
  });

  it('[ARCH-5] fails on answers that are no data set', async () => {
    const { peer } = await scriptedPeer({
      answer: async (message, association) => {
        await all(message.dataSet!);
        const unreadable = Buffer.from([8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0]);
        await association.send(message.context, responseTo(message, { status: 0xff00 }), bytes(unreadable));
      },
    });
    await expect(all(find(peer, { level: 'STUDY', keys: {} }, me))).rejects.toMatchObject({ code: 'protocol' });
  });
});

describe('C-MOVE', () => {
  const keys = { '0020000D': { vr: 'UI' as const, Value: ['1.2.3'] } };
  const moving = (last: number) =>
    scriptedPeer({
      answer: async (message, association) => {
        await all(message.dataSet!);
        expect(message.command).toMatchObject({
          commandField: CommandField.cMoveRequest,
          moveDestination: 'ISOCENTER',
        });
        const pending = { status: 0xff00, remaining: 1, completed: 1, failed: 0, warning: 0 };
        await association.send(message.context, responseTo(message, pending));
        await association.send(
          message.context,
          responseTo(message, { status: last, completed: 1, failed: 1, warning: 0 }),
        );
      },
    });

  it('[ARCH-5] tells how far the peer is, and what came of it', async () => {
    const { peer } = await moving(0xb000);
    expect(await all(move(peer, { level: 'STUDY', keys, destination: 'ISOCENTER' }, me))).toEqual([
      { done: false, remaining: 1, completed: 1, failed: 0, warning: 0 },
      { done: true, remaining: 0, completed: 1, failed: 1, warning: 0 },
    ]);
  });

  it('[ARCH-5] fails when the peer does', async () => {
    const { peer } = await moving(0xa801);
    const asking = all(move(peer, { level: 'STUDY', keys, destination: 'ISOCENTER' }, me));
    await expect(asking).rejects.toMatchObject({
      code: 'failed',
      status: 0xa801,
      message: expect.stringContaining('A801'),
    });
  });
});

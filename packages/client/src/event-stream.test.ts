import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStreamParser, type Message } from './event-stream.ts';

const stream =
  'retry: 500\n\n: beat\n\nid: 7\nevent: a\ndata: {"x":1}\n\nevent: empty\n\ndata\r\ndata:  two\r\n\r\nid\ndata: é\n\nid: 9\ndata: unfinished';
const messages: Message[] = [
  { id: '7', type: 'a', data: '{"x":1}' },
  { id: '7', type: 'message', data: '\n two' },
  { id: '', type: 'message', data: 'é' },
];

test('[OPS-4] messages are the same however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (cuts) => {
      const parser = new EventStreamParser();
      const ends = [...cuts, stream.length].sort((a, b) => a - b);
      const got = ends.flatMap((end, at) => parser.push(stream.slice(ends[at - 1] ?? 0, end)));
      expect(got).toEqual(messages);
      expect(parser.retryMs).toBe(500);
    }),
  );
});

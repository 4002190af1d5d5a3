import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MultipartError, readMultipart } from './multipart-reader.ts';

const BOUNDARY = 'the boundary';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void, void> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

interface Part {
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function partsOf(body: string | Buffer, sizes: readonly number[] = [], boundary = BOUNDARY): Promise<Part[]> {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const parts: Part[] = [];
  for await (const part of readMultipart(chunked(bytes, sizes), boundary)) {
    const chunks: Buffer[] = [];
    for await (const chunk of part.body) chunks.push(chunk);
    parts.push({ headers: Object.fromEntries(part.headers), body: Buffer.concat(chunks).toString('latin1') });
  }
  return parts;
}

const related = (...parts: string[]): string =>
  `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;

describe('a multipart body', () => {
  test('[ARCH-1] comes apart into its parts, each with its headers', async () => {
    const body = related(
      'Content-Type: application/dicom\r\nCONTENT-LOCATION:  a:b \r\n\r\nfirst\r\nline',
      'X: 1\r\n\r\n',
      '\r\nno headers',
    );
    expect(await partsOf(body)).toEqual([
      { headers: { 'content-type': 'application/dicom', 'content-location': 'a:b' }, body: 'first\r\nline' },
      { headers: { x: '1' }, body: '' },
      { headers: {}, body: 'no headers' },
    ]);
  });

  test('[ARCH-1] may have a preamble, an epilogue and blanks after its boundaries', async () => {
    const body = `a preamble\r\n--${BOUNDARY} \t\r\n\r\none\r\n--${BOUNDARY}\r\n\r\ntwo\r\n--${BOUNDARY}--  an epilogue\r\n--${BOUNDARY}\r\n\r\nnot a part`;
    expect((await partsOf(body)).map((part) => part.body)).toEqual(['one', 'two']);
  });

  test('[ARCH-1] of no parts has none', async () => {
    expect(await partsOf(`--${BOUNDARY}--`)).toEqual([]);
    expect(await partsOf(`\r\n--${BOUNDARY}--\r\n`)).toEqual([]);
  });

  test('[ARCH-1] is the same however it is cut into chunks, whatever its parts hold', async () => {
    const alphabet = ['\r', '\n', '-', ...BOUNDARY, '\0', 'ÿ', `\r\n--${BOUNDARY.slice(0, -1)}`, '\r\n\r\n', '\r\n--'];
    const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 30 }).map((pieces) => pieces.join(''));
    const content = text.filter((body) => !`\r\n${body}\r`.includes(`\r\n--${BOUNDARY}`));
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (bodies, sizes) => {
          const parts = await partsOf(related(...bodies.map((body) => `A: b\r\n\r\n${body}`)), sizes);
          expect(parts).toEqual(bodies.map((body) => ({ headers: { a: 'b' }, body })));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[ARCH-1] whose parts nobody reads is still gone through', async () => {
    let seen = 0;
    for await (const _ of readMultipart(
      chunked(Buffer.from(related('\r\none', '\r\ntwo', '\r\nthree')), [3]),
      BOUNDARY,
    ))
      seen++;
    expect(seen).toBe(3);
  });

  test.each([
    ['nothing at all', ''],
    ['no boundary', 'just text'],
    ['another boundary', related('\r\none').replaceAll(BOUNDARY, 'another')],
    ['no end of a part', `--${BOUNDARY}\r\n\r\nhalf a pa`],
    ['no end of the headers', `--${BOUNDARY}\r\nContent-Type: application/di`],
    ['no closing boundary', `--${BOUNDARY}\r\n\r\none\r\n--${BOUNDARY}`],
  ])('[ARCH-1] with %s is refused', async (_, body) => {
    await expect(partsOf(body)).rejects.toThrow(MultipartError);
  });

  test('[ARCH-1] with headers without end is refused before they fill the memory', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Buffer, void, void> {
      yield Buffer.from(`--${BOUNDARY}\r\n`);
      for (;;) {
        sent += 1000;
        yield Buffer.from(`X-${sent}: ${'y'.repeat(980)}\r\n`);
      }
    }
    const reading = readMultipart(endless(), BOUNDARY);
    await expect(reading.next()).rejects.toThrow(MultipartError);
    expect(sent).toBeLessThan(40_000);
  });

  test('[ARCH-1] of many small chunks takes time in proportion to its size', async () => {
    // Lines that begin like a boundary make the reader hold bytes back.
    const body = Buffer.from(related(`\r\n${'\r\n--the bound'.repeat(200_000)}`));
    const began = performance.now();
    const [part] = await partsOf(body, [61]);
    expect(part?.body.length).toBe(200_000 * 13);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

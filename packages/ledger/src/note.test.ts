import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from './bytes.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './hash.ts';
import { openNote, parseNote, signNote } from './note.ts';
import { formatVerifier, noteSigner, noteVerifier, parseVerifier } from './note-key.ts';

const signer = noteSigner('log.example/tracer', new Uint8Array(32).fill(7));
const other = noteSigner('witness.example', new Uint8Array(32).fill(8));
const text = 'A note\nof two lines\n';

// The example in the documentation of golang.org/x/mod/sumdb/note.
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('[TRACE-1.3] signed notes', () => {
  test('of another implementation are opened, by its text of the key', () => {
    const verifier = parseVerifier(goKey);
    expect(formatVerifier(verifier)).toBe(goKey);
    expect(openNote(goNote, [verifier]).text).toContain('cryptography');
    expect(() => openNote(goNote.replace('problem,', 'problem;'), [verifier])).toThrow(/does not hold/);
  });

  test('are opened by any of the keys that signed, unknown signatures aside', () => {
    const note = signNote(text, signer, other);
    for (const key of [signer, other]) expect(openNote(note, [parseVerifier(formatVerifier(key))]).text).toBe(text);
    expect(openNote(note, [signer]).signatures.map(({ name }) => name)).toEqual([signer.name, other.name]);
    expect(() => openNote(note, [noteVerifier(signer.name, other.publicKey)])).toThrow(/No known key/);
  });

  test('do not open when any character is another', () => {
    const note = signNote(text, signer);
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        fc.pre(note[at] !== char);
        expect(() => openNote(note.slice(0, at) + char + note.slice(at + 1), [signer])).toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['no signature', text],
    ['no line feed at the end', `${text}\n— a b`],
    ['a control character', 'a\tb\n\n— a AAAAAAAA\n'],
    ['a signature without a name', `${text}\n—  AAAAAAAA\n`],
    ['a name with a plus', `${text}\n— a+b AAAAAAAA\n`],
    ['a hyphen for the dash', `${text}\n- a AAAAAAAA\n`],
    ['base64 that is none', `${text}\n— a AAAAAA=A\n`],
    ['a signature shorter than its key id', `${text}\n— a AAAA\n`],
    ['more signatures than anyone needs', `${text}\n${'— a AAAAAAAA\n'.repeat(101)}`],
  ])('with %s are refused', (_, note) => {
    expect(() => parseNote(note)).toThrow(/note|signature|base64/);
  });

  test('are not made of a text or name that they cannot carry', () => {
    for (const bad of ['no line feed', 'a\rb\n', '\ud800\n']) expect(() => signNote(bad, signer)).toThrow(/note/);
    for (const name of ['', 'a b', 'a+b', 'a\n']) expect(() => noteVerifier(name, signer.publicKey)).toThrow(/name/);
    for (const key of [`${goKey}A`, goKey.replace('c74f20a3', 'c74f20a4'), 'x', goKey.replace('+AR', '+BR')])
      expect(() => parseVerifier(key)).toThrow(/key|base64/);
  });

  test('a signature that is no point of the curve just does not hold', () => {
    expect(signer.verify(new Uint8Array(1), new Uint8Array(64).fill(255))).toBe(false);
    expect(signer.verify(new Uint8Array(1), new Uint8Array(3))).toBe(false);
  });
});

describe('[TRACE-1.3] checkpoints', () => {
  const checkpoint = { origin: 'log.example/tracer', size: 12_345, root: EMPTY_ROOT };

  test('have three lines and the signature of the origin', () => {
    const note = signCheckpoint(checkpoint, signer);
    expect(note.split('\n').slice(0, 4)).toEqual(['log.example/tracer', '12345', toBase64(EMPTY_ROOT), '']);
    expect(openCheckpoint(note, signer)).toEqual(checkpoint);
    const foreign = signCheckpoint({ ...checkpoint, origin: 'elsewhere' }, signer);
    expect(() => openCheckpoint(foreign, signer)).toThrow(/elsewhere/);
  });

  test('may have lines of extensions', () => {
    expect(parseCheckpoint(`${formatCheckpoint(checkpoint)}extension 1\nextension 2\n`)).toEqual(checkpoint);
  });

  test.each([
    ['', ''],
    ['a size with a leading zero', `a\n012\n${toBase64(EMPTY_ROOT)}\n`],
    ['a size past what numbers hold', `a\n99999999999999999999\n${toBase64(EMPTY_ROOT)}\n`],
    ['a short root', 'a\n1\nAAAA\n'],
    ['no root', 'a\n1\n'],
    ['no origin', `\n1\n${toBase64(EMPTY_ROOT)}\n`],
    ['an empty extension', `a\n1\n${toBase64(EMPTY_ROOT)}\n\n`],
  ])('with %s are refused', (_, bad) => {
    expect(() => parseCheckpoint(bad)).toThrow(/checkpoint/);
    expect(() => formatCheckpoint({ ...checkpoint, size: -1 })).toThrow(/checkpoint/);
  });
});

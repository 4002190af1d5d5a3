import { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts';
import { LedgerError } from './ledger-error.ts';
import { isKeyName, type Signer, type Verifier } from './note-key.ts';

// C2SP signed-note: a text, an empty line, and a line for each signature: `— name base64(key id, signature)`.

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** With the line feed at its end, as it is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** C2SP signed-note asks readers to bear at least 16; more than this is nonsense. */
const SIGNATURES_MAX = 100;

const encoder = new TextEncoder();

export function signNote(text: string, ...signers: readonly Signer[]): string {
  if (!isNoteText(text))
    throw new LedgerError('range', 'The text of a note ends with a line feed and has no other control characters');
  const bytes = encoder.encode(text);
  const lines = signers.map((signer) => {
    const blob = concatBytes([signer.keyId, signer.sign(bytes)]);
    return `— ${signer.name} ${toBase64(blob)}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Reads a note without believing it. */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || end + 2 === note.length)
    throw new LedgerError('malformed', 'The note has no signatures');
  const text = note.slice(0, end + 1);
  if (!isNoteText(text)) throw new LedgerError('malformed', 'The note has control characters');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) throw new LedgerError('malformed', 'The note has too many signatures');
  return { text, signatures: lines.map(parseSignature) };
}

/** Reads a note that one of these keys has signed. A known key whose signature doesn't hold spoils the whole note. */
export function openNote(note: string, verifiers: readonly Verifier[]): Note {
  const parsed = parseNote(note);
  const bytes = encoder.encode(parsed.text);
  let held = false;
  for (const { name, keyId, signature } of parsed.signatures) {
    const verifier = verifiers.find((known) => known.name === name && equalBytes(known.keyId, keyId));
    if (verifier === undefined) continue;
    if (!verifier.verify(bytes, signature))
      throw new LedgerError('signature', `The signature of ${name} does not hold`);
    held = true;
  }
  if (!held) throw new LedgerError('signature', 'No known key has signed the note');
  return parsed;
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', blob = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  if (!isKeyName(name)) throw new LedgerError('malformed', 'A line of signature is not written as one');
  const bytes = fromBase64(blob);
  if (bytes.length < 5) throw new LedgerError('malformed', 'A signature is too short');
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** C2SP signed-note: text in UTF-8 without control characters but line feeds, the last character is one. */
const isNoteText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/u.test(text);

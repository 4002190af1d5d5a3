/** Text and its bytes in the character sets of DICOM (PS3.5 6.1). */
import { decodeCoded } from './text/decode.ts';
import { encodeCoded } from './text/encode.ts';
import { textCodingOf } from './text/specific-character-set.ts';
import type { VR } from './vr.ts';

/**
 * The text of a value field, backslashes and padding with it, given the values of (0008,0005) that are in force. Never
 * fails: bytes that are no character become U+FFFD, unknown character sets are read as the default repertoire.
 */
export function decodeText(bytes: Uint8Array, characterSet: readonly string[], vr: VR): string {
  return asciiText(bytes) ?? decodeCoded(bytes, textCodingOf(characterSet), vr);
}

/**
 * The bytes of a text, without padding, with the escape sequences that the VR calls for; undefined when the character
 * sets can't say it. In VRs with several values, values are to be joined by backslash before.
 */
export function encodeText(text: string, characterSet: readonly string[], vr: VR): Uint8Array | undefined {
  return asciiBytes(text) ?? encodeCoded(text, textCodingOf(characterSet), vr);
}

/** What is wrong with the values of (0008,0005), in words for people; empty when all is well. */
export const characterSetWarnings = (characterSet: readonly string[]): readonly string[] =>
  textCodingOf(characterSet).warnings;

/** Shorter texts are put together faster here than by a decoder. */
const SHORT = 8;
const decoder = new TextDecoder();

/** Every character set holds ASCII: text of it alone needs no further look. Undefined when there is more, or an ESC. */
function asciiText(bytes: Uint8Array): string | undefined {
  const { length } = bytes;
  for (let at = 0; at < length; at++) {
    const code = bytes[at]!;
    if (code >= 0x80 || code === 0x1b) return undefined;
  }
  if (length > SHORT) return decoder.decode(bytes);
  let text = '';
  for (let at = 0; at < length; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

function asciiBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 || code === 0x1b) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

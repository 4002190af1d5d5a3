import { LedgerError } from './ledger-error.ts';

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Throws for anything but the one base64 text that these bytes have. */
export function fromBase64(text: string): Uint8Array {
  const bytes = base64Pattern.test(text) ? Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) : undefined;
  // Bits past the end that aren't zero would give one hash several texts.
  if (bytes === undefined || toBase64(bytes) !== text) throw new LedgerError('malformed', 'This is not base64');
  return bytes;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import { LedgerError } from './ledger-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * The one text of a value by the JSON Canonicalization Scheme (RFC 8785): no white space, names in the order of their
 * UTF-16 code units, numbers and strings as ECMAScript writes them. Members that are undefined are left out.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      // RFC 8785 3.2.2.3: NaN and infinities can't be written. ECMAScript writes -0 as 0, as it asks.
      if (!Number.isFinite(value)) throw new LedgerError('range', 'JSON has no NaN and no infinity');
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : object(value as { readonly [name: string]: Json | undefined });
    default:
      throw new LedgerError('range', `JSON can't carry a ${typeof value}`);
  }
}

function object(value: { readonly [name: string]: Json | undefined }): string {
  const members: string[] = [];
  // Without a comparison, sort() orders by UTF-16 code units (RFC 8785 3.2.3).
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) members.push(`${text(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** RFC 8785 3.2.2.2: half a surrogate pair is no character, and other readers would each make something else of it. */
function text(value: string): string {
  if (!value.isWellFormed()) throw new LedgerError('range', 'A text has half of a surrogate pair');
  return JSON.stringify(value);
}

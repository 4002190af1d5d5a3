/** Media types and Accept, as DICOMweb uses them: parameters count (PS3.18 8.7). */

export interface MediaType {
  /** Lower case, `type/subtype`. */
  readonly name: string;
  /** Names in lower case, values unquoted. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface AcceptedType extends MediaType {
  readonly quality: number;
}

const parameter = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,]*)/g;

/** Undefined for text that is no media type. */
export function parseMediaType(text: string): MediaType | undefined {
  const match = /^\s*([\w!#$&^.+*-]+\/[\w!#$&^.+*-]+)\s*(;.*)?$/s.exec(text);
  if (!match) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name, value] of (match[2] ?? '').matchAll(parameter)) {
    const quoted = value!.startsWith('"');
    parameters.set(name!.toLowerCase(), quoted ? value!.slice(1, -1).replace(/\\(.)/g, '$1') : value!.trim());
  }
  return { name: match[1]!.toLowerCase(), parameters };
}

/** The types of an Accept header, best first; those of equal quality in the order given. */
export function parseAccept(header: string | undefined): AcceptedType[] {
  const accepted: AcceptedType[] = [];
  for (const part of splitUnquoted(header?.trim() || '*/*')) {
    const type = parseMediaType(part);
    if (!type) continue;
    const given = Number(type.parameters.get('q') ?? 1);
    const quality = Number.isNaN(given) ? 1 : given;
    if (quality > 0) accepted.push({ ...type, quality });
  }
  return accepted.sort((a, b) => b.quality - a.quality);
}

/** Splits at commas that stand in no quotes. */
function splitUnquoted(text: string): string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
}

/** Whether an accepted name, perhaps with wildcards, covers a media type. */
export function covers(accepted: string, name: string): boolean {
  return accepted === '*/*' || accepted === name || (accepted.endsWith('/*') && name.startsWith(accepted.slice(0, -1)));
}

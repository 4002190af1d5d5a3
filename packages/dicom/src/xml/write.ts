import { attributeOf } from '../dictionary.ts';
import type { JsonDataSet, JsonElement, JsonPersonName, JsonValue } from '../model.ts';
import { isPrivate, isPrivateCreator, parseTag } from '../tag.ts';

export const NAMESPACE = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';
/** The components of a name group, in the order that ^ divides them. */
export const NAME_COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;
export const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/** The Native DICOM Model of a data set as one XML document. */
export function toXml(dataSet: JsonDataSet): string {
  let xml = '';
  for (const chunk of xmlChunks(dataSet)) xml += chunk;
  return xml;
}

/**
 * The same in pieces, one for each attribute of the data set. Elements stand in the order of their tags. Characters that
 * XML 1.0 doesn't have become U+FFFD.
 */
export function* xmlChunks(dataSet: JsonDataSet): Generator<string, void, undefined> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${NAMESPACE}" xml:space="preserve">`;
  yield* attributeChunks(dataSet);
  yield '</NativeDicomModel>\n';
}

function* attributeChunks(dataSet: JsonDataSet): Generator<string, void, undefined> {
  const tags = Object.keys(dataSet).sort();
  const blocks = blocksOf(tags, dataSet);
  for (const hex of tags) yield attributeXml(hex, dataSet[hex]!, blocks);
}

/** The private blocks of a data set. */
interface Blocks {
  /** By group and block, e.g. `002910`. */
  readonly creators: ReadonlyMap<string, string>;
  /** Group and creator of those who have several blocks in a group, e.g. `0029SIEMENS CSA HEADER`. */
  readonly repeated: ReadonlySet<string>;
}

function blocksOf(tags: readonly string[], dataSet: JsonDataSet): Blocks {
  const creators = new Map<string, string>();
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const hex of tags) {
    const creator = isPrivateCreator(parseTag(hex)!) ? dataSet[hex]?.Value?.[0] : undefined;
    if (typeof creator !== 'string' || creator.trim() === '') continue;
    creators.set(hex.slice(0, 4) + hex.slice(6), creator);
    const owner = hex.slice(0, 4) + creator;
    if (seen.has(owner)) repeated.add(owner);
    seen.add(owner);
  }
  return { creators, repeated };
}

function attributeXml(hex: string, element: JsonElement, blocks: Blocks): string {
  const start = `<DicomAttribute ${identity(hex, blocks)} vr="${element.vr}"`;
  const content = contentXml(element);
  return content === '' ? `${start}/>` : `${start}>${content}</DicomAttribute>`;
}

/** A private element is known by its creator, and written without its block: (0029,1008) as 00290008. */
function identity(hex: string, { creators, repeated }: Blocks): string {
  const creator = creators.get(hex.slice(0, 6));
  if (creator === undefined || !isPrivate(parseTag(hex)!)) {
    const keyword = attributeOf(parseTag(hex)!)?.keyword;
    return keyword ? `tag="${hex}" keyword="${keyword}"` : `tag="${hex}"`;
  }
  // Where one creator has several blocks the block must stay, or two elements would be one.
  const group = hex.slice(0, 4);
  const written = repeated.has(group + creator) ? hex : `${group}00${hex.slice(6)}`;
  return `tag="${written}" privateCreator="${escapeXml(creator)}"`;
}

function contentXml(element: JsonElement): string {
  if (element.BulkDataURI !== undefined) return `<BulkData uri="${escapeXml(element.BulkDataURI)}"/>`;
  if (element.InlineBinary !== undefined) return `<InlineBinary>${element.InlineBinary}</InlineBinary>`;
  const values = element.Value ?? [];
  if (element.vr === 'SQ') return values.map(itemXml).join('');
  return values.map(element.vr === 'PN' ? nameXml : valueXml).join('');
}

function valueXml(value: JsonValue, index: number): string {
  if (value === null || value === '') return `<Value number="${index + 1}"/>`;
  return `<Value number="${index + 1}">${escapeXml(String(value))}</Value>`;
}

function itemXml(item: JsonValue, index: number): string {
  const content = [...attributeChunks((item ?? {}) as JsonDataSet)].join('');
  return content === '' ? `<Item number="${index + 1}"/>` : `<Item number="${index + 1}">${content}</Item>`;
}

function nameXml(value: JsonValue, index: number): string {
  const name: JsonPersonName = typeof value === 'string' ? { Alphabetic: value } : ((value ?? {}) as JsonPersonName);
  const groups = NAME_GROUPS.map((group) => {
    const text = name[group];
    return text ? `<${group}>${componentsXml(text)}</${group}>` : '';
  }).join('');
  return groups === ''
    ? `<PersonName number="${index + 1}"/>`
    : `<PersonName number="${index + 1}">${groups}</PersonName>`;
}

/** Empty components are left out but for the last, which keeps the carets of `Last^First^^`. */
function componentsXml(text: string): string {
  const parts = text.split('^');
  const named = [...parts.slice(0, 4), ...(parts.length > 4 ? [parts.slice(4).join('^')] : [])];
  return named
    .map((part, index) => {
      const component = NAME_COMPONENTS[index]!;
      if (part !== '') return `<${component}>${escapeXml(part)}</${component}>`;
      return index === named.length - 1 ? `<${component}/>` : '';
    })
    .join('');
}

/** What needs escaping; CR, LF and TAB would not outlive a parser's normalisation otherwise. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 has not.
const special = /[&<>"\t\n\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const escapeXml = (text: string): string =>
  text.toWellFormed().replace(special, (character) => entities[character] ?? '\ufffd');

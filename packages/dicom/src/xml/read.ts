import { SaxesParser, type SaxesTagNS } from 'saxes';
import { DicomError } from '../dicom-error.ts';
import type { JsonDataSet, JsonElement, JsonPersonName, JsonValue } from '../model.ts';
import { isPrivate, tag as makeTag, parseTag, type Tag, tagHex } from '../tag.ts';
import { isBinary, isVR, type VR } from '../vr.ts';
import { jsonValueOf } from './json-value.ts';
import { NAME_COMPONENTS, NAME_GROUPS, NAMESPACE } from './write.ts';

/** Sequences in sequences; deeper is no image but an attack. */
const MOST_DEPTH = 64;
/** Values that a document may leave out by their numbers, so that a few bytes can't ask for gigabytes. */
const MOST_GAPS = 10_000;

/** One attribute while it is read. */
interface OpenAttribute {
  readonly tag: Tag;
  readonly vr: VR;
  readonly creator: string | undefined;
  readonly values: JsonValue[];
  bulkDataUri?: string;
  inlineBinary?: string;
}

/**
 * One data set while it is read. Private elements wait for its end: their creators' blocks may be declared after them.
 */
interface OpenDataSet {
  readonly attributes: OpenAttribute[];
}

/**
 * The data set of a Native DICOM Model document.
 *
 * @throws DicomError `malformed` with the line of what is wrong, never with values.
 */
export function fromXml(xml: string): JsonDataSet {
  return new Reader().read(xml);
}

type Attributes = SaxesTagNS['attributes'];
type Names = Record<string, string[]>;

class Reader {
  private readonly parser = new SaxesParser({ xmlns: true, position: true });
  private readonly path: string[] = [];
  private readonly dataSets: OpenDataSet[] = [];
  private readonly attributes: OpenAttribute[] = [];
  private result: JsonDataSet | undefined;
  private text = '';
  private gaps = 0;
  private name: Names = {};

  read(xml: string): JsonDataSet {
    const { parser } = this;
    parser.on('error', () => this.fail('not well-formed XML'));
    parser.on('doctype', () => this.fail('a document type, which the model has not'));
    parser.on('opentag', (element) => this.open(element));
    parser.on('closetag', (element) => this.close(element.local));
    parser.on('text', (text) => this.characters(text));
    parser.on('cdata', (text) => this.characters(text));
    parser.write(xml).close();
    return this.result ?? this.fail('no NativeDicomModel');
  }

  private fail(what: string): never {
    throw new DicomError('malformed', `Native DICOM Model: ${what} (line ${this.parser.line})`);
  }

  private open(element: SaxesTagNS): void {
    const parent = this.path.at(-1);
    const { local, uri, attributes } = element;
    if (uri !== NAMESPACE && uri !== '') this.fail('an element of another namespace');
    if (!isChild(parent, local)) this.fail(`an element where it may not be, in ${parent ?? 'the document'}`);
    this.path.push(local);
    this.text = '';
    if (local === 'NativeDicomModel' || local === 'Item') this.openDataSet(local, attributes);
    else if (local === 'DicomAttribute') this.openAttribute(attributes);
    else if (local === 'PersonName') this.openName(attributes);
    else if (local === 'Value') this.openValue(attributes);
    else if (local === 'BulkData') this.bulkData(attributes);
    else if (local === 'InlineBinary') this.only();
    else if (isGroup(local)) this.openGroup(local);
  }

  private characters(text: string): void {
    const here = this.path.at(-1);
    if (here !== undefined && isTextual(here)) this.text += text;
    else if (text.trim() !== '') this.fail(`text in ${here ?? 'the document'}`);
  }

  private close(local: string): void {
    this.path.pop();
    if (local === 'NativeDicomModel') this.result = this.closeDataSet();
    else if (local === 'Item') this.attribute().values.push(this.closeDataSet());
    else if (local === 'DicomAttribute') this.dataSets.at(-1)!.attributes.push(this.attributes.pop()!);
    else if (local === 'Value') this.attribute().values.push(this.value());
    else if (local === 'InlineBinary') this.attribute().inlineBinary = this.base64();
    else if (local === 'PersonName') this.attribute().values.push(this.personName());
    else if (isComponent(local)) this.component(local);
  }

  private attribute(): OpenAttribute {
    return this.attributes.at(-1)!;
  }

  private openDataSet(local: string, attributes: Attributes): void {
    if (local === 'Item') {
      if (this.attribute().vr !== 'SQ') this.fail('an Item in an attribute that is no sequence');
      this.number(attributes);
    }
    // The data set of the document itself is in no sequence.
    if (this.dataSets.length > MOST_DEPTH) this.fail(`sequences more than ${MOST_DEPTH} deep`);
    this.dataSets.push({ attributes: [] });
  }

  private openAttribute(attributes: Attributes): void {
    const tag = parseTag(attributes.tag?.value ?? '');
    if (tag === undefined) this.fail('a DicomAttribute without a tag of eight hexadecimal digits');
    const vr = attributes.vr?.value ?? '';
    if (!isVR(vr)) this.fail(`no VR of PS3.5 at ${tagHex(tag)}`);
    const creator = attributes.privateCreator?.value;
    if (creator !== undefined && (!isPrivate(tag) || creator.trim() === '')) {
      this.fail(`a private creator that makes no sense at ${tagHex(tag)}`);
    }
    this.attributes.push({ tag, vr, creator, values: [] });
  }

  private openValue(attributes: Attributes): void {
    const { vr } = this.attribute();
    if (vr === 'SQ' || vr === 'PN' || isBinary(vr)) this.fail(`a Value in an attribute of VR ${vr}`);
    this.number(attributes);
  }

  private openName(attributes: Attributes): void {
    if (this.attribute().vr !== 'PN') this.fail('a PersonName in an attribute that is no PN');
    this.number(attributes);
    this.name = {};
  }

  private openGroup(group: string): void {
    if (this.name[group]) this.fail(`${group} twice in one name`);
    this.name[group] = [];
  }

  /** Values are numbered from 1 in their order; numbers left out are empty values. */
  private number(attributes: Attributes): void {
    const { values, bulkDataUri, inlineBinary } = this.attribute();
    if (bulkDataUri !== undefined || inlineBinary !== undefined) this.fail('values beside bulk data');
    const text = attributes.number?.value ?? '';
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number <= values.length) this.fail('a value whose number is missing, no number, or out of order');
    this.gaps += number - 1 - values.length;
    if (this.gaps > MOST_GAPS) this.fail('too many values left out');
    while (values.length < number - 1) values.push(this.attribute().vr === 'SQ' ? {} : null);
  }

  private bulkData(attributes: Attributes): void {
    this.only();
    const uri = attributes.uri?.value ?? (attributes.uuid && `urn:uuid:${attributes.uuid.value}`);
    if (!uri) this.fail('a BulkData without uri');
    this.attribute().bulkDataUri = uri;
  }

  /** InlineBinary and BulkData stand alone. */
  private only(): void {
    const { values, bulkDataUri, inlineBinary } = this.attribute();
    if (values.length > 0 || bulkDataUri !== undefined || inlineBinary !== undefined)
      this.fail('values beside bulk data');
  }

  private base64(): string {
    const text = this.text.replace(/\s/g, '');
    const { vr, tag } = this.attribute();
    if (!isBinary(vr)) this.fail(`InlineBinary in an attribute of VR ${vr}`);
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) this.fail(`no base64 at ${tagHex(tag)}`);
    return text;
  }

  private value(): JsonValue {
    const { vr, tag } = this.attribute();
    return (
      jsonValueOf(this.text, vr) ?? (this.text === '' ? null : this.fail(`no value of VR ${vr} at ${tagHex(tag)}`))
    );
  }

  private component(local: string): void {
    const parts = this.name[this.path.at(-1)!]!;
    const place = NAME_COMPONENTS.indexOf(local as (typeof NAME_COMPONENTS)[number]);
    if (parts[place] !== undefined) this.fail(`${local} twice in one name`);
    parts[place] = this.text;
  }

  private personName(): JsonValue {
    const name: JsonPersonName = {};
    for (const group of NAME_GROUPS) {
      const text = Array.from(this.name[group] ?? [], (part) => part ?? '').join('^');
      if (text !== '') name[group] = text;
    }
    return Object.keys(name).length === 0 ? null : name;
  }

  private closeDataSet(): JsonDataSet {
    const { attributes } = this.dataSets.pop()!;
    const dataSet: JsonDataSet = {};
    for (const attribute of attributes) if (!isBlockElement(attribute)) this.put(dataSet, attribute.tag, attribute);
    for (const attribute of attributes) {
      if (isBlockElement(attribute)) this.put(dataSet, this.tagInBlock(attribute, dataSet), attribute);
    }
    return inOrder(dataSet);
  }

  private put(dataSet: JsonDataSet, tag: Tag, attribute: OpenAttribute): void {
    const hex = tagHex(tag);
    if (dataSet[hex]) this.fail(`${hex} twice in one data set`);
    const element: JsonElement = { vr: attribute.vr };
    if (attribute.values.length > 0) element.Value = attribute.values;
    if (attribute.inlineBinary) element.InlineBinary = attribute.inlineBinary;
    if (attribute.bulkDataUri !== undefined) element.BulkDataURI = attribute.bulkDataUri;
    dataSet[hex] = element;
  }

  /** The element in the block that its creator has in this data set; the first free block where it has none. */
  private tagInBlock({ tag, creator }: OpenAttribute, dataSet: JsonDataSet): Tag {
    const group = tag >>> 16;
    const given = (tag >>> 8) & 0xff;
    const holder = (block: number): JsonValue | undefined => dataSet[tagHex(makeTag(group, block))]?.Value?.[0];
    if (given >= 0x10 && (holder(given) === undefined || holder(given) === creator))
      return this.claim(tag, creator!, dataSet);
    const blocks = Array.from({ length: 0xf0 }, (_, index) => 0x10 + index);
    const block = blocks.find((each) => holder(each) === creator) ?? blocks.find((each) => holder(each) === undefined);
    if (block === undefined) this.fail('more private creators than a group has room for');
    return this.claim(makeTag(group, (block << 8) | (tag & 0xff)), creator!, dataSet);
  }

  private claim(tag: Tag, creator: string, dataSet: JsonDataSet): Tag {
    dataSet[tagHex(makeTag(tag >>> 16, (tag >>> 8) & 0xff))] ??= { vr: 'LO', Value: [creator] };
    return tag;
  }
}

/** 00290010 with a creator is its element 10, without it is a creator's own element. */
const isBlockElement = ({ creator }: OpenAttribute): boolean => creator !== undefined;

function inOrder(dataSet: JsonDataSet): JsonDataSet {
  return Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const groupNames = new Set<string>(NAME_GROUPS);
const componentNames = new Set<string>(NAME_COMPONENTS);
const isGroup = (local: string): boolean => groupNames.has(local);
const isComponent = (local: string): boolean => componentNames.has(local);
const isTextual = (local: string): boolean => local === 'Value' || local === 'InlineBinary' || isComponent(local);

const inAttribute = new Set(['Value', 'PersonName', 'Item', 'BulkData', 'InlineBinary']);

/** What may stand in what (PS3.19 Table A.1.5-2). */
function isChild(parent: string | undefined, local: string): boolean {
  if (parent === undefined) return local === 'NativeDicomModel';
  if (parent === 'NativeDicomModel' || parent === 'Item') return local === 'DicomAttribute';
  if (parent === 'DicomAttribute') return inAttribute.has(local);
  if (parent === 'PersonName') return isGroup(local);
  return isGroup(parent) && isComponent(local);
}

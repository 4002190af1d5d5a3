import { attributeOf, formatTag, isPrivate, privateAttributeOf, privateCreatorTag, tagHex } from '@isocenter/dicom';
import { type JsonAttribute, type JsonDataSet, textValue } from '../api/data-set.ts';
import { formatBytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import { identifies } from './identity-tags.ts';

/** One line of a header: an element, an item of a sequence, or the way to more items. */
export interface HeaderRow {
  /** Tags and item numbers down to this line; its identity while the table changes. */
  readonly path: string;
  readonly depth: number;
  readonly kind: 'element' | 'sequence' | 'item' | 'more';
  readonly tag: string;
  readonly name: string;
  readonly vr: string;
  readonly value: string;
  readonly varies: boolean;
}

export interface HeaderOptions {
  readonly expanded: ReadonlySet<string>;
  /** Tags of the first level whose values differ between the instances of the series. */
  readonly varying: ReadonlySet<string>;
  readonly onlyVarying: boolean;
  /** Lower case; lines without it are left out, except those that lead to one with it. */
  readonly words: string;
  readonly showIdentity: boolean;
}

/** Items shown of a long sequence before asking for more: some have one per frame. */
export const itemsAtOnce = 30;
const valuesAtOnce = 24;
const longestText = 400;

export function headerRows(dataSet: JsonDataSet, options: HeaderOptions): HeaderRow[] {
  return rowsOf(dataSet, options, '', 0);
}

function rowsOf(dataSet: JsonDataSet, options: HeaderOptions, parent: string, depth: number): HeaderRow[] {
  return Object.keys(dataSet)
    .sort()
    .filter((tag) => depth > 0 || !options.onlyVarying || options.varying.has(tag))
    .flatMap((tag) => {
      const attribute = dataSet[tag];
      return attribute ? elementRows(dataSet, tag, attribute, options, parent, depth) : [];
    });
}

function elementRows(
  dataSet: JsonDataSet,
  tag: string,
  attribute: JsonAttribute,
  options: HeaderOptions,
  parent: string,
  depth: number,
): HeaderRow[] {
  const path = parent ? `${parent}.${tag}` : tag;
  const hidden = !options.showIdentity && identifies(tag, attribute.vr);
  const sequence = attribute.vr === 'SQ' && !hidden;
  const row: HeaderRow = {
    path,
    depth,
    kind: sequence ? 'sequence' : 'element',
    tag: formatTag(Number.parseInt(tag, 16)),
    name: nameOf(dataSet, tag),
    vr: attribute.vr,
    value: hidden ? t('header.hidden') : valueText(attribute),
    varies: depth === 0 && options.varying.has(tag),
  };
  const matches = includes(row, options.words);
  if (!sequence) return matches ? [row] : [];

  const searching = options.words !== '';
  const open = searching || options.expanded.has(path);
  const inside = open
    ? itemRows(attribute, searching && !matches ? options : { ...options, words: '' }, path, depth + 1)
    : [];
  if (searching && !matches && inside.length === 0) return [];
  // A sequence found by its own name need not be unfolded.
  return searching && matches && !options.expanded.has(path) ? [row] : [row, ...inside];
}

function itemRows(attribute: JsonAttribute, options: HeaderOptions, path: string, depth: number): HeaderRow[] {
  const items = (attribute.Value ?? []) as readonly (JsonDataSet | null)[];
  const all = options.words !== '' || options.expanded.has(`${path}.more`);
  const shown = all ? items : items.slice(0, itemsAtOnce);
  const rows = shown.flatMap((item, index) => {
    const itemPath = `${path}[${index}]`;
    const inside = rowsOf(item ?? {}, options, itemPath, depth + 1);
    if (options.words !== '' && inside.length === 0) return [];
    return [line('item', itemPath, depth, t('header.item', { number: index + 1 })), ...inside];
  });
  const left = items.length - shown.length;
  return left > 0 ? [...rows, line('more', `${path}.more`, depth, t('header.items.more', { count: left }))] : rows;
}

function line(kind: 'item' | 'more', path: string, depth: number, name: string): HeaderRow {
  return { kind, path, depth, name, tag: '', vr: '', value: '', varies: false };
}

function includes(row: HeaderRow, words: string): boolean {
  if (words === '') return true;
  const plain = row.tag.replace(/[(),]/g, '');
  return [row.tag, plain, row.name, row.name.replaceAll(' ', ''), row.value].some((text) =>
    text.toLowerCase().includes(words),
  );
}

function nameOf(dataSet: JsonDataSet, hex: string): string {
  const tag = Number.parseInt(hex, 16);
  const known = attributeOf(tag);
  if (known) return known.name || known.keyword || t('header.unknown');
  if (!isPrivate(tag)) return t('header.unknown');
  const creator = textValue(dataSet, tagHex(privateCreatorTag(tag)));
  const name = creator && privateAttributeOf(tag, creator)?.name;
  return [name || t('header.unknown'), creator && `[${creator}]`].filter(Boolean).join(' ');
}

function valueText(attribute: JsonAttribute): string {
  if (attribute.vr === 'SQ') return t('header.items', { count: attribute.Value?.length ?? 0 });
  if (attribute.BulkDataURI !== undefined) return t('header.bulk');
  if (attribute.InlineBinary !== undefined) {
    return t('header.bulk.bytes', {
      bytes: formatBytes(Math.floor((attribute.InlineBinary.replace(/=+$/, '').length * 3) / 4)),
    });
  }
  const values = attribute.Value ?? [];
  const text = values.slice(0, valuesAtOnce).map(oneValue).join(' \\ ');
  const cut = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return values.length > valuesAtOnce ? `${cut} ${t('header.more', { count: values.length - valuesAtOnce })}` : cut;
}

function oneValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return Object.values(value as Record<string, string>)
    .filter(Boolean)
    .join(' = ');
}

/** Tags whose value isn't the same in all instances. */
export function varyingTags(instances: readonly JsonDataSet[]): Set<string> {
  const [first, ...others] = instances;
  const varying = new Set<string>();
  if (!first) return varying;
  const texts = new Map(Object.entries(first).map(([tag, attribute]) => [tag, contentOf(attribute)]));
  for (const other of others) {
    for (const tag of Object.keys(other)) if (texts.get(tag) !== contentOf(other[tag])) varying.add(tag);
    for (const tag of texts.keys()) if (!(tag in other)) varying.add(tag);
  }
  return varying;
}

/** The address of bulk data differs in every instance and says nothing about its content. */
function contentOf(attribute: JsonAttribute | undefined): string {
  return JSON.stringify(attribute, (key, value: unknown) => (key === 'BulkDataURI' ? '' : value)) ?? '';
}

import { type TransferSyntax, transferSyntaxes } from '@isocenter/dicom';
import { encodableTransferSyntaxes } from '@isocenter/dicom/pixel';
import { isDecodable } from './features/archive/pixels/frame-forms.ts';
import { mediaTypeOf } from './features/archive/pixels/frame-media-types.ts';
import { type Level, type SearchAttribute, searchAttributes } from './features/archive/qido/search-attributes.ts';
import { DEFAULT_LIMIT, HIGHEST_LIMIT } from './features/archive/qido/search-query.ts';

/** docs/reference/dicom-tables.md */
export function renderDicomTables(): string {
  return [
    '# Transfer syntaxes and search keys',
    '',
    'Made by `npm run generate` from packages/dicom and apps/server; do not edit. Part of the',
    '[conformance statement](conformance.md).',
    '',
    '## Transfer syntaxes',
    '',
    'Instances in each of them, and in ones that are not known, are stored and served as they are. "Decoded" ones can also be had',
    'uncompressed and rendered; "made" ones can be asked for instead of the stored one, always without loss.',
    '',
    '| Transfer syntax | UID | Decoded | Made | A frame as it is stored |',
    '| --- | --- | --- | --- | --- |',
    ...transferSyntaxes.map(syntaxRow),
    '',
    '## Search keys',
    '',
    'Each also as an eight-digit tag. A search may use the keys of its own level and of those above it.',
    '',
    '| Level | Keyword | Tag | Matching |',
    '| --- | --- | --- | --- |',
    ...searchAttributes.map(keyRow),
    '',
    `Without \`limit\` at most ${DEFAULT_LIMIT} results are answered; with it at most ${HIGHEST_LIMIT}.`,
    '',
  ].join('\n');
}

const yes = (is: boolean): string => (is ? 'yes' : '');

function syntaxRow(syntax: TransferSyntax): string {
  const { uid, name, encapsulated, deflated, littleEndian, lossy } = syntax;
  const made = encapsulated ? encodableTransferSyntaxes.includes(uid) && !lossy : littleEndian && !deflated;
  const frame = encapsulated ? `\`${mediaTypeOf(uid)}\`` : '`application/octet-stream`, little endian';
  return `| ${name} | \`${uid}\` | ${yes(isDecodable(syntax))} | ${yes(made)} | ${frame} |`;
}

const levels: Readonly<Record<Level, string>> = { study: 'Study', series: 'Series', instance: 'Instance' };

const matchings: Readonly<Record<SearchAttribute['matching'], string>> = {
  uid: 'a UID, or a list of them',
  text: 'the value, or wildcards',
  key: 'the value, or wildcards; case and accents do not count',
  name: 'the name, or wildcards; case and accents do not count; `fuzzymatching` by beginnings of its words',
  date: 'a date, or a range',
  time: 'a time, or a range',
  integer: 'the number',
  'any-of': 'one of the values',
};

const keyRow = ({ level, keyword, tag, matching }: SearchAttribute): string =>
  `| ${levels[level]} | ${keyword} | \`${tag}\` | ${matchings[matching]} |`;

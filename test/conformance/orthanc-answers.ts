import { isBinary, type JsonDataSet, type JsonElement, type JsonValue } from '@isocenter/dicom';

/** An attribute as we answer it and as Orthanc does. */
interface Pair {
  readonly tag: string;
  readonly ours: JsonElement | undefined;
  readonly theirs: JsonElement | undefined;
  /** Specific Character Set of the instance. */
  readonly characterSets: readonly (JsonValue | undefined)[];
}

export type Deviations = Readonly<Record<string, (pair: Pair) => boolean>>;

const values = (element: JsonElement | undefined): readonly JsonValue[] => element?.Value ?? [];
const texts = (element: JsonElement | undefined): string[] => values(element).map((value) => String(value ?? ''));
const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const severalCharacterSets = ({ characterSets }: Pair): boolean => characterSets.length > 1;

/** Where the metadata of Orthanc 1.10 with its DICOMweb plugin 1.7 say otherwise than we, pydicom and dcmtk. */
export const metadataDeviations: Deviations = {
  'gives every binary value by address, also a short one': ({ ours, theirs }) =>
    ours !== undefined && ours.vr === theirs?.vr && isBinary(ours.vr) && theirs.BulkDataURI !== undefined,
  'gives no address of compressed pixel data': ({ tag, ours, theirs }) =>
    tag === '7FE00010' && ours?.BulkDataURI !== undefined && theirs === undefined,
  'keeps the blanks at the end of a value': ({ ours, theirs }) =>
    ours?.vr === theirs?.vr &&
    values(theirs).some((value) => typeof value === 'string') &&
    equal(
      texts(ours),
      texts(theirs).map((text) => text.trimEnd()),
    ),
  'leaves out the empty first of several character sets': ({ tag, ours, theirs }) =>
    tag === '00080005' && equal(values(ours).filter(Boolean), values(theirs)),
  'knows the first of several character sets only': (pair) =>
    severalCharacterSets(pair) && pair.ours?.vr === 'PN' && values(pair.theirs).length === values(pair.ours).length,
  'answers the empty groups of a name': ({ ours, theirs }) =>
    ours?.vr === 'PN' && equal(values(ours).map(groups), values(theirs).map(groups)),
  'takes the backslash of ISO_IR 13 for a yen sign': ({ characterSets: [first], ours, theirs }) =>
    /IR 13$/.test(String(first)) &&
    (equal(texts(ours), texts(theirs).join().split('¥')) || isUnreadNumber(ours, theirs)),
  'leaves out a number that is text': ({ ours, theirs }) =>
    isUnreadNumber(ours, theirs) && values(ours).some((value) => typeof value === 'string'),
  'rounds numbers to fifteen decimals': ({ ours, theirs }) =>
    ['DS', 'FD', 'FL'].includes(theirs?.vr ?? '') &&
    values(ours).length === values(theirs).length &&
    values(ours).every((value, i) => Math.abs(Number(value) - Number(values(theirs)[i])) < 1e-15),
  'cuts text in which a backslash is a character': ({ ours, theirs }) =>
    ['LT', 'ST', 'UT'].includes(ours?.vr ?? '') && equal(texts(ours), [texts(theirs).join('\\')]),
  "doesn't know some private elements of implicit VR": ({ tag, theirs }) =>
    Number.parseInt(tag.slice(0, 4), 16) % 2 === 1 && theirs?.vr === 'UN',
};

/** Where its answers to searches do. */
export const searchDeviations: Deviations = {
  'answers fewer attributes': ({ theirs }) => theirs === undefined,
  'says that text is UTF-8': ({ tag, theirs }) => tag === '00080005' && equal(values(theirs), ['ISO_IR 192']),
  'has an address of its own': ({ tag, ours, theirs }) =>
    tag === '00081190' && texts(ours)[0]?.split('/dicom-web/')[1] === texts(theirs)[0]?.split('/dicom-web/')[1],
  'knows the first of several character sets only':
    metadataDeviations['knows the first of several character sets only']!,
  'answers the empty groups of a name': metadataDeviations['answers the empty groups of a name']!,
  'answers a number that is text as none': ({ ours, theirs }) =>
    ours === undefined && theirs?.vr === 'IS' && values(theirs).length === 0,
};

function groups(name: JsonValue): string[] {
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = (name ?? {}) as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic];
}

const isUnreadNumber = (ours: JsonElement | undefined, theirs: JsonElement | undefined): boolean =>
  (ours?.vr === 'DS' || ours?.vr === 'IS') && theirs?.vr === ours.vr && values(theirs).length === 0;

/** Compares answers, and keeps what is equal, what deviates in a known way, and what does otherwise. */
export class AnswerComparison {
  readonly problems: string[] = [];
  readonly seen = new Set<string>();
  equal = 0;
  readonly #known: Deviations;

  constructor(known: Deviations) {
    this.#known = known;
  }

  compare(ours: JsonDataSet, theirs: JsonDataSet, place: string): void {
    this.#compare(ours, theirs, place, values(ours['00080005']));
  }

  #compare(ours: JsonDataSet, theirs: JsonDataSet, place: string, characterSets: Pair['characterSets']): void {
    for (const tag of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const pair = { tag, ours: ours[tag], theirs: theirs[tag], characterSets };
      const items = [values(pair.ours), values(pair.theirs)] as [JsonDataSet[], JsonDataSet[]];
      if (pair.ours?.vr === 'SQ' && pair.theirs?.vr === 'SQ' && items[0].length === items[1].length) {
        for (const [i, item] of items[0].entries()) {
          this.#compare(item, items[1][i]!, `${place} ${tag}/${i}`, characterSets);
        }
      } else this.#settle(pair, `${place} ${tag}`);
    }
  }

  #settle(pair: Pair, place: string): void {
    if (pair.ours && pair.theirs && isSame(pair.ours, pair.theirs)) {
      this.equal++;
      return;
    }
    const known = Object.entries(this.#known).find(([, is]) => is(pair))?.[0];
    if (known) this.seen.add(known);
    else this.problems.push(`${place}: ${short(pair.ours)}, not ${short(pair.theirs)}`);
  }
}

const isSame = (ours: JsonElement, theirs: JsonElement): boolean =>
  ours.vr === theirs.vr &&
  equal(values(ours), values(theirs)) &&
  ours.InlineBinary === theirs.InlineBinary &&
  (ours.BulkDataURI === undefined) === (theirs.BulkDataURI === undefined);

const short = (element: JsonElement | undefined): string => JSON.stringify(element)?.slice(0, 100) ?? 'nothing';

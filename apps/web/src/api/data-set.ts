// Reading DICOM JSON (PS3.18 F.2).

/** One attribute of a DICOM JSON data set (PS3.18 F.2.2). */
export interface JsonAttribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** A data set by tag, eight upper-case hexadecimal digits (PS3.18 F.2). */
export type JsonDataSet = Readonly<Record<string, JsonAttribute>>;

/** The first value as text; a person name gives its groups joined by `=` as in PS3.5 6.2.1. */
export function textValue(dataSet: JsonDataSet, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}

export function textValues(dataSet: JsonDataSet, tag: string): string[] {
  return (dataSet[tag]?.Value ?? []).map((value) => String(value));
}

export function numberValue(dataSet: JsonDataSet, tag: string): number | null {
  const text = textValue(dataSet, tag);
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? null : value;
}

export function numberValues(dataSet: JsonDataSet, tag: string): number[] {
  return (dataSet[tag]?.Value ?? []).map(Number).filter((value) => !Number.isNaN(value));
}

import type { JsonDataSet, JsonElement, VR } from '@isocenter/dicom';
import type { Found, InstanceFound, SeriesFound, StudyFound } from './search-store.ts';

/** What a search answers of one study, series or instance (PS3.18 Tables 10.6.3-3 to 10.6.3-5), as the DICOM JSON model. */

const element = (vr: VR, ...values: (string | number)[]): JsonElement =>
  values.length === 0 ? { vr } : { vr, Value: values };
const optional = (vr: VR, value: string | number | null): JsonElement => (value === null ? { vr } : element(vr, value));

export function studyAnswer(found: StudyFound, base: string): JsonDataSet {
  return {
    ...withEmpty(found.attributes, STUDY_REQUIRED),
    '00080056': element('CS', 'ONLINE'),
    '00080061': element('CS', ...found.modalities),
    '00080062': element('UI', ...found.sop_class_uids),
    '00081190': element('UR', `${base}/studies/${found.study_uid}`),
    '0020000D': element('UI', found.study_uid),
    '00201206': element('IS', found.series_count),
    '00201208': element('IS', found.study_instances),
  };
}

export function seriesAnswer(found: SeriesFound, base: string, nested: boolean): JsonDataSet {
  return {
    ...(nested ? {} : studyAnswer(found, base)),
    ...withEmpty(found.series_attributes, SERIES_REQUIRED),
    '00080056': element('CS', 'ONLINE'),
    '00081190': element('UR', `${base}/studies/${found.study_uid}/series/${found.series_uid}`),
    '0020000D': element('UI', found.study_uid),
    '0020000E': element('UI', found.series_uid),
    '00201209': element('IS', found.series_instances),
  };
}

export function instanceAnswer(found: InstanceFound, base: string, nested: boolean): JsonDataSet {
  const url = `${base}/studies/${found.study_uid}/series/${found.series_uid}/instances/${found.sop_instance_uid}`;
  return {
    ...(nested ? {} : seriesAnswer(found, base, false)),
    '00080016': element('UI', found.sop_class_uid),
    '00080018': element('UI', found.sop_instance_uid),
    '00080056': element('CS', 'ONLINE'),
    '00081190': element('UR', url),
    '00083002': element('UI', found.transfer_syntax_uid),
    '0020000D': element('UI', found.study_uid),
    '0020000E': element('UI', found.series_uid),
    '00200013': optional('IS', found.instance_number),
    '00280010': optional('US', found.rows),
    '00280011': optional('US', found.columns),
    '00280100': optional('US', found.bits_allocated),
    ...(found.number_of_frames !== null && { '00280008': element('IS', found.number_of_frames) }),
  };
}

export type Answer = { [L in keyof Found]: (found: Found[L], base: string, nested: boolean) => JsonDataSet };
export const answers: Answer = { study: studyAnswer, series: seriesAnswer, instance: instanceAnswer };

/** Attributes that are answered also when they have no value. */
const STUDY_REQUIRED: Readonly<Record<string, VR>> = {
  '00080020': 'DA',
  '00080030': 'TM',
  '00080050': 'SH',
  '00080090': 'PN',
  '00100010': 'PN',
  '00100020': 'LO',
  '00100030': 'DA',
  '00100040': 'CS',
  '00200010': 'SH',
};
const SERIES_REQUIRED: Readonly<Record<string, VR>> = { '00080060': 'CS', '00200011': 'IS' };

function withEmpty(attributes: JsonDataSet, required: Readonly<Record<string, VR>>): JsonDataSet {
  const empty = Object.fromEntries(Object.entries(required).map(([tag, vr]) => [tag, { vr }]));
  return { ...empty, ...attributes };
}

/** Attributes in order of their tags, as the DICOM JSON model wants them (PS3.18 F.2.2). */
export const inTagOrder = (json: JsonDataSet): JsonDataSet =>
  Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));

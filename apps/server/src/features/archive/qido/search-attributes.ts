/** What can be searched by (PS3.18 Tables 10.6.1-5 and 10.6.1-3), and the column that answers it. */

export type Level = 'study' | 'series' | 'instance';

/** How a value is compared with the column. */
export type Matching =
  | 'uid'
  | 'text'
  /** As `text`, without regard to case and accents: the column holds search keys. */
  | 'key'
  | 'name'
  | 'date'
  | 'time'
  | 'integer'
  /** One of the array's values. */
  | 'any-of';

export interface SearchAttribute {
  readonly keyword: string;
  readonly tag: string;
  readonly level: Level;
  readonly column: string;
  readonly matching: Matching;
}

const attribute = (
  level: Level,
  keyword: string,
  tag: string,
  column: string,
  matching: Matching,
): SearchAttribute => ({
  keyword,
  tag,
  level,
  column: `${level}.${column}`,
  matching,
});

export const searchAttributes: readonly SearchAttribute[] = [
  attribute('study', 'StudyDate', '00080020', 'study_date', 'date'),
  attribute('study', 'StudyTime', '00080030', 'study_time', 'time'),
  attribute('study', 'AccessionNumber', '00080050', 'accession_number', 'text'),
  attribute('study', 'ModalitiesInStudy', '00080061', 'modalities', 'any-of'),
  attribute('study', 'SOPClassesInStudy', '00080062', 'sop_class_uids', 'any-of'),
  attribute('study', 'ReferringPhysicianName', '00080090', 'referring_physician_name_key', 'name'),
  attribute('study', 'StudyDescription', '00081030', 'study_description_key', 'key'),
  attribute('study', 'PatientName', '00100010', 'patient_name_key', 'name'),
  attribute('study', 'PatientID', '00100020', 'patient_id', 'text'),
  attribute('study', 'PatientBirthDate', '00100030', 'patient_birth_date', 'date'),
  attribute('study', 'PatientSex', '00100040', 'patient_sex', 'text'),
  attribute('study', 'StudyInstanceUID', '0020000D', 'study_instance_uid', 'uid'),
  attribute('study', 'StudyID', '00200010', 'study_id', 'text'),
  attribute('series', 'Modality', '00080060', 'modality', 'text'),
  attribute('series', 'Manufacturer', '00080070', 'manufacturer_key', 'key'),
  attribute('series', 'SeriesDescription', '0008103E', 'series_description_key', 'key'),
  attribute('series', 'BodyPartExamined', '00180015', 'body_part_examined', 'text'),
  attribute('series', 'SeriesInstanceUID', '0020000E', 'series_instance_uid', 'uid'),
  attribute('series', 'SeriesNumber', '00200011', 'series_number', 'integer'),
  attribute('series', 'PerformedProcedureStepStartDate', '00400244', 'performed_procedure_step_start_date', 'date'),
  attribute('series', 'PerformedProcedureStepStartTime', '00400245', 'performed_procedure_step_start_time', 'time'),
  attribute(
    'series',
    'RequestAttributesSequence.ScheduledProcedureStepID',
    '00400275.00400009',
    'scheduled_procedure_step_ids',
    'any-of',
  ),
  attribute(
    'series',
    'RequestAttributesSequence.RequestedProcedureID',
    '00400275.00401001',
    'requested_procedure_ids',
    'any-of',
  ),
  attribute('instance', 'SOPClassUID', '00080016', 'sop_class_uid', 'uid'),
  attribute('instance', 'SOPInstanceUID', '00080018', 'sop_instance_uid', 'uid'),
  attribute('instance', 'AvailableTransferSyntaxUID', '00083002', 'transfer_syntax_uid', 'uid'),
  attribute('instance', 'InstanceNumber', '00200013', 'instance_number', 'integer'),
  attribute('instance', 'Rows', '00280010', 'rows', 'integer'),
  attribute('instance', 'Columns', '00280011', 'columns', 'integer'),
  attribute('instance', 'NumberOfFrames', '00280008', 'number_of_frames', 'integer'),
];

const byName = new Map(
  searchAttributes.flatMap(
    (each) =>
      [
        [each.keyword, each],
        [each.tag, each],
      ] as const,
  ),
);

/** By keyword or by tag, each also nested: `RequestAttributesSequence.RequestedProcedureID` or `00400275.00401001`. */
export const searchAttributeOf = (name: string): SearchAttribute | undefined =>
  byName.get(name) ?? byName.get(name.toUpperCase());

const depth: Record<Level, number> = { study: 0, series: 1, instance: 2 };

/** A search may name attributes of its own level and of those above it. */
export const isWithin = (attributeLevel: Level, searched: Level): boolean => depth[attributeLevel] <= depth[searched];

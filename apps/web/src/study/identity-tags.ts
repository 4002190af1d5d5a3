/**
 * Attributes that name or describe the person: not shown outside the landing zone, even where a header still has them.
 * PS3.15 Table E.1-1 has the full list that de-identification goes by; this is what a page must never show by mistake.
 */
const tags = new Set([
  '00080050', // Accession Number
  '00080090', // Referring Physician's Name
  '00081048', // Physician(s) of Record
  '00081050', // Performing Physician's Name
  '00081060', // Name of Physician(s) Reading Study
  '00081070', // Operators' Name
  '00080080', // Institution Name
  '00080081', // Institution Address
  '00400275', // Request Attributes Sequence
  '00081110', // Referenced Study Sequence
  '00380010', // Admission ID
  '00402016', // Placer Order Number / Imaging Service Request
  '00402017', // Filler Order Number / Imaging Service Request
]);

/** Attributes of the patient group that don't identify. */
const harmless = new Set(['00100040', '00101010', '00101020', '00101030', '00102160', '001021C0']);

export function identifies(tag: string): boolean {
  return tags.has(tag) || (tag.startsWith('0010') && !harmless.has(tag));
}

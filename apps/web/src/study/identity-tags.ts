/**
 * Attributes that name or describe the person, or that hold free text where people write such things: not shown outside
 * the landing zone, even where a header still has them. PS3.15 Table E.1-1 has the full list that de-identification
 * goes by; this is what a page must never show by mistake.
 */
const tags = new Set([
  '00080050', // Accession Number
  '00080080', // Institution Name
  '00080081', // Institution Address
  '00080092', // Referring Physician's Address
  '00080094', // Referring Physician's Telephone Numbers
  '00080096', // Referring Physician Identification Sequence
  '00081049', // Physician(s) of Record Identification Sequence
  '00081052', // Performing Physician Identification Sequence
  '00081072', // Operator Identification Sequence
  '00081110', // Referenced Study Sequence
  '00081120', // Referenced Patient Sequence
  '00084000', // Identifying Comments
  '00184000', // Acquisition Comments
  '00200010', // Study ID
  '00204000', // Image Comments
  '00324000', // Study Comments
  '00400009', // Scheduled Procedure Step ID
  '00400253', // Performed Procedure Step ID
  '00400275', // Request Attributes Sequence
  '00400280', // Comments on the Performed Procedure Step
  '00401001', // Requested Procedure ID
  '00401101', // Person Identification Code Sequence
  '00402016', // Placer Order Number / Imaging Service Request
  '00402017', // Filler Order Number / Imaging Service Request
  '00402400', // Imaging Service Request Comments
  '04000550', // Modified Attributes Sequence
  '04000561', // Original Attributes Sequence
]);

/** Attributes of the patient group that don't identify. */
const harmless = new Set(['00100040', '00101010', '00101020', '00101030', '00102160', '001021C0']);

/** Names of people by their VR, the patient and visit groups, and the attributes above. */
export function identifies(tag: string, vr: string): boolean {
  if (vr === 'PN' || tags.has(tag)) return true;
  return (tag.startsWith('0010') || tag.startsWith('0038')) && !harmless.has(tag);
}

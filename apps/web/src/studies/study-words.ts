import type { StudyRow, Zone } from '../api/studies.ts';
import { showsIdentity } from '../parts/zone.tsx';
import { formatPersonName } from '../text/format.ts';
import { t } from '../text/t.ts';

/** The patient as the zone lets one see them: a name in landing, what kind of data it is elsewhere. */
export function patientOf(study: {
  readonly zone: Zone;
  readonly patientName: string;
  readonly patientId: string;
}): string {
  if (!showsIdentity(study.zone)) return t('study.patient.hidden');
  return formatPersonName(study.patientName) || study.patientId || t('study.patient.unnamed');
}

/** What to call a study without saying who it is of: in tabs, messages, names of controls. */
export function studyLabel(study: Pick<StudyRow, 'description' | 'modalities' | 'studyDate'>): string {
  const parts = [study.description || study.modalities.join(', '), study.studyDate].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : t('study.untitled');
}

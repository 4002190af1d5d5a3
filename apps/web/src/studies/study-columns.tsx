import { Link } from '@tanstack/react-router';
import type { StudyRow, StudySortKey } from '../api/studies.ts';
import type { Column } from '../list/column.ts';
import table from '../list/data-table.module.css';
import { Ago } from '../parts/ago.tsx';
import { ModalityTags } from '../parts/modality-tags.tsx';
import { showsIdentity, ZoneBadge, zoneWord } from '../parts/zone.tsx';
import { formatBytes, formatNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { patientOf, studyLabel } from './study-words.ts';

type StudyColumn = Column<StudyRow, StudySortKey>;

const none = <span aria-hidden>{t('app.none')}</span>;

/** A value that identifies the patient: only ever shown, sorted out or exported in the landing zone. */
function identity(study: StudyRow, value: string | null): string {
  return showsIdentity(study.zone) ? (value ?? '') : '';
}

const patient: StudyColumn = {
  id: 'patient',
  label: t('study.patient'),
  sort: 'patientName',
  width: '188px',
  priority: 1,
  cell: (study) => (
    <>
      <Link
        to="/studies/$uid"
        params={{ uid: study.studyInstanceUid }}
        aria-label={`${patientOf(study)}: ${studyLabel(study)}`}
        style={showsIdentity(study.zone) ? {} : { fontWeight: 400, color: 'var(--text-soft)' }}
      >
        {patientOf(study)}
      </Link>
      <span className={table.under}>
        {[study.studyDate, study.modalities.join(' '), study.description].filter(Boolean).join(' · ')}
      </span>
    </>
  ),
  plain: (study) => identity(study, study.patientName),
};

/** The columns of the studies list, left to right. */
export const studyColumns: readonly StudyColumn[] = [
  patient,
  {
    id: 'patientId',
    label: t('study.patientId'),
    sort: 'patientId',
    width: '116px',
    priority: 3,
    cell: (study) => identity(study, study.patientId) || none,
    plain: (study) => identity(study, study.patientId),
  },
  {
    id: 'birthDate',
    label: t('study.birthDate'),
    width: '100px',
    priority: 4,
    optional: true,
    cell: (study) => identity(study, study.patientBirthDate) || none,
    plain: (study) => identity(study, study.patientBirthDate),
  },
  {
    id: 'sex',
    label: t('study.sex'),
    width: '56px',
    priority: 4,
    optional: true,
    cell: (study) => study.patientSex || none,
    plain: (study) => study.patientSex,
  },
  {
    id: 'date',
    label: t('study.date'),
    sort: 'studyDate',
    descendingFirst: true,
    width: '100px',
    priority: 2,
    cell: (study) => study.studyDate ?? none,
    plain: (study) => study.studyDate,
  },
  {
    id: 'modality',
    label: t('study.modality'),
    sort: 'modality',
    width: '100px',
    priority: 2,
    cell: (study) => <ModalityTags modalities={study.modalities} />,
    plain: (study) => study.modalities.join(' '),
  },
  {
    id: 'description',
    label: t('study.description'),
    sort: 'description',
    priority: 2,
    cell: (study) => study.description || none,
    plain: (study) => study.description,
  },
  {
    id: 'accession',
    label: t('study.accession'),
    width: '124px',
    priority: 4,
    optional: true,
    cell: (study) => identity(study, study.accessionNumber) || none,
    plain: (study) => identity(study, study.accessionNumber),
  },
  {
    id: 'series',
    label: t('study.series'),
    width: '72px',
    align: 'end',
    priority: 4,
    optional: true,
    cell: (study) => formatNumber(study.seriesCount),
    plain: (study) => study.seriesCount,
  },
  {
    id: 'instances',
    label: t('study.instances'),
    sort: 'instances',
    descendingFirst: true,
    width: '84px',
    align: 'end',
    priority: 3,
    cell: (study) => formatNumber(study.instanceCount),
    plain: (study) => study.instanceCount,
  },
  {
    id: 'size',
    label: t('study.size'),
    sort: 'size',
    descendingFirst: true,
    width: '80px',
    align: 'end',
    priority: 4,
    cell: (study) => formatBytes(study.sizeBytes),
    plain: (study) => study.sizeBytes,
  },
  {
    id: 'received',
    label: t('study.received'),
    sort: 'receivedAt',
    descendingFirst: true,
    width: '104px',
    priority: 3,
    cell: (study) => <Ago iso={study.receivedAt} />,
    plain: (study) => study.receivedAt,
  },
  {
    id: 'zone',
    label: t('study.zone'),
    width: '136px',
    priority: 1,
    cell: (study) => <ZoneBadge zone={study.zone} subtle />,
    plain: (study) => zoneWord(study.zone),
  },
];

export const usualColumns: readonly string[] = studyColumns
  .filter((column) => !column.optional)
  .map((column) => column.id);

/** The columns that an address names (`patient.date.size`), or the usual ones. */
export function columnsOf(text: string | undefined): readonly StudyColumn[] {
  const ids = text?.split('.') ?? usualColumns;
  return studyColumns.filter((column) => column.id === 'patient' || ids.includes(column.id));
}

import type { StudyRow, StudySortKey } from '../api/studies.ts';
import type { Column } from '../list/column.ts';
import { saveCsv } from '../list/csv.ts';
import { t } from '../text/t.ts';

/** Saves rows as they are shown, with the UID that finds them again. */
export function exportStudies(rows: readonly StudyRow[], columns: readonly Column<StudyRow, StudySortKey>[]): void {
  saveCsv('studies.csv', [
    [...columns.map((column) => column.label), t('study.uid')],
    ...rows.map((row) => [...columns.map((column) => column.plain(row)), row.studyInstanceUid]),
  ]);
}

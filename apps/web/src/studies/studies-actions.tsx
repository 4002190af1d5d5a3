import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { StudyRow, StudySortKey } from '../api/studies.ts';
import { compact } from '../app/search-string.ts';
import type { Column } from '../list/column.ts';
import { ColumnChooser } from '../list/column-chooser.tsx';
import { SavedViews } from '../list/saved-views.tsx';
import { t } from '../text/t.ts';
import { exportStudies } from './export-studies.ts';
import type { StudiesSearch } from './studies-search.ts';
import { studyColumns } from './study-columns.tsx';

interface StudiesActionsProps {
  readonly search: StudiesSearch;
  readonly rows: readonly StudyRow[];
  readonly columns: readonly Column<StudyRow, StudySortKey>[];
  readonly onChange: (search: StudiesSearch) => void;
}

/** What one does with the list as a whole. */
export function StudiesActions({ search, rows, columns, onChange }: StudiesActionsProps) {
  return (
    <>
      <SavedViews list="studies" without={['page', 'preview']} />
      <ColumnChooser
        columns={studyColumns}
        shown={columns.map((column) => column.id)}
        onChange={(ids) => onChange(compact({ ...search, columns: ids?.join('.') }))}
      />
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        disabled={rows.length === 0}
        onClick={() => exportStudies(rows, columns)}
      >
        {t('list.export')}
      </Button>
    </>
  );
}

import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconFileTypeCsv, IconTrash } from '@tabler/icons-react';
import type { StudyRow, StudySortKey } from '../api/studies.ts';
import type { Column } from '../list/column.ts';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { DeleteStudies } from './delete-studies.tsx';
import { downloadStudies } from './download-studies.ts';
import { exportStudies } from './export-studies.ts';
import classes from './studies-page.module.css';

interface SelectionBarProps {
  readonly studies: readonly StudyRow[];
  readonly columns: readonly Column<StudyRow, StudySortKey>[];
  readonly onClear: () => void;
}

/** What one does with the studies picked. */
export function SelectionBar({ studies, columns, onClear }: SelectionBarProps) {
  const may = useMay();
  const [deleting, dialog] = useDisclosure(false);
  return (
    <div className={classes.selection} role="toolbar" aria-label={t('list.selection.label')}>
      <strong aria-live="polite">{t('list.selected', { count: studies.length })}</strong>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => downloadStudies(studies.map((study) => study.studyInstanceUid))}
      >
        {t('studies.download')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFileTypeCsv size={16} aria-hidden />}
        onClick={() => exportStudies(studies, columns)}
      >
        {t('list.export.selection')}
      </Button>
      {may('study.delete') && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={dialog.open}
        >
          {t('studies.delete')}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        {t('list.selection.clear')}
      </Button>
      <DeleteStudies opened={deleting} studies={studies} onClose={dialog.close} onDone={onClear} />
    </div>
  );
}

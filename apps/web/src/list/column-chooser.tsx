import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { t } from '../text/t.ts';

interface ColumnChooserProps {
  readonly columns: readonly { readonly id: string; readonly label: string }[];
  readonly shown: readonly string[];
  readonly onChange: (shown: string[] | undefined) => void;
}

/** Which columns a list shows; the first always stays, since it has the link. */
export function ColumnChooser({ columns, shown, onChange }: ColumnChooserProps) {
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('list.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.columns')}>
        <Checkbox.Group
          value={[...shown]}
          aria-label={t('list.columns')}
          onChange={(values) => onChange(columns.map((column) => column.id).filter((id) => values.includes(id)))}
        >
          <Stack gap="xs">
            {columns.map((column, index) => (
              <Checkbox key={column.id} size="sm" value={column.id} label={column.label} disabled={index === 0} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button variant="subtle" size="compact-sm" mt="sm" onClick={() => onChange(undefined)}>
          {t('list.columns.reset')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

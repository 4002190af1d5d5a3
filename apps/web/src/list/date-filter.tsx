import { Button, Group, Stack, TextInput } from '@mantine/core';
import { t } from '../text/t.ts';
import { FilterChip } from './filter-chip.tsx';

export interface DateRange {
  /** `YYYY-MM-DD` */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface DateFilterProps {
  readonly name: string;
  readonly range: DateRange;
  readonly onChange: (range: DateRange) => void;
}

const quick = [
  { days: 0, label: 'date.today' },
  { days: 6, label: 'date.week' },
  { days: 29, label: 'date.month' },
  { days: 364, label: 'date.year' },
] as const;

/** A filter by a range of days, open at either end. */
export function DateFilter({ name, range, onChange }: DateFilterProps) {
  const none = { from: undefined, to: undefined };
  return (
    <FilterChip name={name} value={describe(range)} onClear={() => onChange(none)}>
      {(close) => (
        <Stack gap="sm">
          <Group gap="xs" wrap="nowrap">
            <TextInput
              type="date"
              label={t('date.from')}
              value={range.from ?? ''}
              max={range.to}
              onChange={(event) => onChange({ ...range, from: event.currentTarget.value || undefined })}
            />
            <TextInput
              type="date"
              label={t('date.to')}
              value={range.to ?? ''}
              min={range.from}
              onChange={(event) => onChange({ ...range, to: event.currentTarget.value || undefined })}
            />
          </Group>
          <Group gap="xs">
            {quick.map(({ days, label }) => (
              <Button
                key={label}
                variant="default"
                size="compact-sm"
                onClick={() => {
                  onChange({ from: daysAgo(days), to: daysAgo(0) });
                  close();
                }}
              >
                {t(label)}
              </Button>
            ))}
          </Group>
        </Stack>
      )}
    </FilterChip>
  );
}

function describe({ from, to }: DateRange): string | undefined {
  if (from && to) return from === to ? from : t('date.between', { from, to });
  if (from) return t('date.since', { from });
  return to ? t('date.until', { to }) : undefined;
}

/** The local day some days back, as dates of studies are local too. */
function daysAgo(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() - days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

import { Checkbox, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { FilterChip } from './filter-chip.tsx';

interface ChoiceFilterProps<T extends string> {
  readonly name: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly description?: ReactNode }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: T[]) => void;
}

/** A filter by any of some values. */
export function ChoiceFilter<T extends string>({ name, options, chosen, onChange }: ChoiceFilterProps<T>) {
  const labels = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  return (
    <FilterChip name={name} value={labels.length > 0 ? labels.join(', ') : undefined} onClear={() => onChange([])}>
      {() => (
        <Checkbox.Group value={[...chosen]} onChange={(values) => onChange(values as T[])} aria-label={name}>
          <Stack gap="xs" mah={320} style={{ overflowY: 'auto' }} pr="xs">
            {options.map((option) => (
              <Checkbox
                key={option.value}
                size="sm"
                value={option.value}
                label={option.label}
                description={option.description}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </FilterChip>
  );
}

import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../text/t.ts';
import { FilterChip } from './filter-chip.tsx';

interface TextFilterProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A filter by a text in one field. */
export function TextFilter({ name, value, onChange }: TextFilterProps) {
  return (
    <FilterChip name={name} value={value} onClear={() => onChange(undefined)}>
      {(close) => (
        <Editor
          name={name}
          value={value ?? ''}
          onApply={(text) => {
            onChange(text.trim() || undefined);
            close();
          }}
        />
      )}
    </FilterChip>
  );
}

function Editor({
  name,
  value,
  onApply,
}: {
  readonly name: string;
  readonly value: string;
  readonly onApply: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text);
      }}
    >
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput label={name} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
        <Button type="submit">{t('list.apply')}</Button>
      </Group>
    </form>
  );
}

import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import { t } from '../text/t.ts';

interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** Milliseconds without a key before the server is asked. */
const patience = 250;

/** Free text over what a list knows. */
export function SearchBox({ label, value, onChange, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, patience);
  // The address may change from elsewhere: back, a saved view, "clear all".
  useEffect(() => setText(value), [value]);
  const put = (next: string) => {
    setText(next);
    onChange(next);
  };
  return (
    <TextInput
      ref={inputRef}
      type="search"
      aria-label={label}
      placeholder={label}
      w={{ base: '100%', sm: 280 }}
      value={text}
      leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
      rightSection={
        text ? (
          <CloseButton size="sm" onClick={() => put('')} aria-label={t('list.search.clear')} />
        ) : (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        )
      }
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(text.trim());
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

import { Popover, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '../text/t.ts';
import classes from './filter-chip.module.css';

interface FilterChipProps {
  readonly name: string;
  /** How the filter is set now, in words; undefined while it isn't. */
  readonly value: string | undefined;
  readonly onClear: () => void;
  /** The editor in the popover. */
  readonly children: (close: () => void) => ReactNode;
}

/** One filter: says how it is set, opens to change it, and can be taken off. */
export function FilterChip({ name, value, onClear, children }: FilterChipProps) {
  const [open, { toggle, close }] = useDisclosure(false);
  const set = value !== undefined;
  return (
    <span className={classes.chip} data-set={set || undefined}>
      <Popover opened={open} onDismiss={close} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={classes.main} onClick={toggle} aria-expanded={open}>
            <span className={classes.text}>{set ? t('list.filter.value', { name, value }) : name}</span>
            {!set && <IconChevronDown size={14} aria-hidden />}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={name}>{children(close)}</Popover.Dropdown>
      </Popover>
      {set && (
        <UnstyledButton className={classes.clear} onClick={onClear} aria-label={t('list.filter.remove', { name })}>
          <IconX size={14} aria-hidden />
        </UnstyledButton>
      )}
    </span>
  );
}

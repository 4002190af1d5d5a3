import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import classes from './pager.module.css';

export const pageSizes = [25, 50, 100, 200] as const;

interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly exact: boolean;
  readonly onPage: (page: number) => void;
  /** Without it, the page's length is not a choice. */
  readonly onSize?: (size: number) => void;
}

/** Which rows these are of how many, and the way to the others. */
export function Pager({ page, size, total, exact, onPage, onSize }: PagerProps) {
  const first = total === 0 ? 0 : (page - 1) * size + 1;
  const last = exact ? Math.min(page * size, total) : page * size;
  const more = !exact || last < total;
  return (
    <nav className={classes.pager} aria-label={t('list.pages')}>
      <span aria-live="polite">
        {exact ? t('list.range', { first, last, total }) : t('list.range.many', { first, last, total })}
      </span>
      <span className={classes.controls}>
        {onSize && (
          <NativeSelect
            size="xs"
            aria-label={t('list.size')}
            value={size}
            onChange={(event) => onSize(Number(event.currentTarget.value))}
            data={pageSizes.map((value) => ({ value: String(value), label: t('list.size.value', { count: value }) }))}
          />
        )}
        <ActionIcon disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label={t('list.previous')}>
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon disabled={!more} onClick={() => onPage(page + 1)} aria-label={t('list.next')}>
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
      </span>
    </nav>
  );
}

import { Button } from '@mantine/core';
import pager from '../list/pager.module.css';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';

interface TracerPagerProps {
  readonly count: number;
  /** Where the next page begins. */
  readonly next: string | null;
  readonly searchedTo: string | null;
  readonly first: boolean;
  readonly onNext: (after: string) => void;
  readonly onNewest: () => void;
}

/** The way to older entries. Pages are not counted: a log is too long for that to mean something. */
export function TracerPager({ count, next, searchedTo, first, onNext, onNewest }: TracerPagerProps) {
  return (
    <nav className={pager.pager} aria-label={t('list.pages')}>
      <span aria-live="polite">
        {searchedTo ? t('tracer.searchedTo', { at: formatDateTime(searchedTo) }) : t('tracer.count', { count })}
      </span>
      <span className={pager.controls}>
        {!first && (
          <Button size="xs" variant="default" onClick={onNewest}>
            {t('tracer.newest')}
          </Button>
        )}
        <Button size="xs" variant="default" disabled={next === null} onClick={() => next && onNext(next)}>
          {searchedTo ? t('tracer.further') : t('tracer.older')}
        </Button>
      </span>
    </nav>
  );
}

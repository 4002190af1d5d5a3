import { Skeleton } from '@mantine/core';
import { t } from '../text/t.ts';
import classes from './skeleton-rows.module.css';

const count = 14;

/** A table before its rows are there, in the rows' height. */
export function SkeletonRows() {
  return (
    <div role="status" aria-label={t('app.loading')}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <div key={index} className={classes.row}>
          <Skeleton height={12} width={16} radius="xs" />
          <Skeleton height={12} width="14%" radius="xs" />
          <Skeleton height={12} width="10%" radius="xs" />
          <Skeleton height={12} width="8%" radius="xs" />
          <Skeleton height={12} width={`${20 + ((index * 7) % 18)}%`} radius="xs" />
        </div>
      ))}
    </div>
  );
}

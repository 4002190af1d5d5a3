import { ActionIcon, Checkbox, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { numberValue } from '../api/data-set.ts';
import { seriesMetadataQuery } from '../api/dicomweb.ts';
import type { SeriesRow, StudyDetail } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { showsIdentity } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import { headerRows, varyingTags } from './header-rows.ts';
import classes from './header-tab.module.css';
import { HeaderTable } from './header-table.tsx';

interface HeaderTabProps {
  readonly study: StudyDetail;
  readonly series: SeriesRow;
  /** From 1. */
  readonly instance: number;
  readonly onInstance: (instance: number) => void;
}

/** The header of one instance, searchable, with what varies over the series marked. */
export function HeaderTab({ study, series, instance, onInstance }: HeaderTabProps) {
  const { data, error, refetch } = useQuery(seriesMetadataQuery(study.studyInstanceUid, series.seriesInstanceUid));
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim().toLowerCase(), 120);
  const [onlyVarying, setOnlyVarying] = useState(false);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const instances = useMemo(
    () => data?.toSorted((a, b) => (numberValue(a, '00200013') ?? 0) - (numberValue(b, '00200013') ?? 0)) ?? [],
    [data],
  );
  const varying = useMemo(() => varyingTags(instances), [instances]);
  const total = instances.length;
  const index = Math.min(instance, Math.max(1, total)) - 1;
  const dataSet = instances[index];
  const rows = useMemo(
    () =>
      dataSet
        ? headerRows(dataSet, { expanded, varying, onlyVarying, words, showIdentity: showsIdentity(study.zone) })
        : [],
    [dataSet, expanded, varying, onlyVarying, words, study.zone],
  );

  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <TextInput
          type="search"
          className={classes.search ?? ''}
          aria-label={t('header.search')}
          placeholder={t('header.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {total > 1 && (
          <Checkbox
            size="sm"
            label={t('header.varies')}
            checked={onlyVarying}
            onChange={(event) => setOnlyVarying(event.currentTarget.checked)}
          />
        )}
        <div className={classes.stepper}>
          <ActionIcon disabled={index <= 0} onClick={() => onInstance(index)} aria-label={t('header.previous')}>
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <span aria-live="polite">{total > 0 && t('header.instance.of', { number: index + 1, total })}</span>
          <ActionIcon disabled={index >= total - 1} onClick={() => onInstance(index + 2)} aria-label={t('header.next')}>
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
        </div>
      </div>
      {data ? (
        <HeaderTable rows={rows} expanded={expanded} onToggle={(path) => setExpanded(toggled(expanded, path))} />
      ) : (
        <div className={classes.waiting} role="status" aria-label={t('app.loading')}>
          {Array.from({ length: 12 }, (_, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
            <Skeleton key={line} height={12} width={`${40 + ((line * 13) % 45)}%`} />
          ))}
        </div>
      )}
    </div>
  );
}

function toggled(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}

import type { StoreArea } from '@isocenter/contract';
import { Group, NativeSelect } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '../api/session.ts';
import { Callout } from '../parts/callout.tsx';
import { ZoneBadge } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import { areaWords, usualArea } from './area-words.ts';
import { uploadQueue } from './upload.ts';
import classes from './upload-page.module.css';

/** Where files go; a choice for who can store in several places, kept in this browser. */
export function AreaChoice() {
  const { data: me } = useQuery(meQuery);
  const [kept, keep] = useLocalStorage<number | null>({
    key: 'isocenter-upload-area',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const areas = me?.storeAreas ?? [];
  const area = areas.find(({ id }) => id === kept) ?? usualArea(areas);
  const id = area?.id ?? null;
  useEffect(() => uploadQueue.aimAt(id), [id]);
  if (!me) return null;
  if (!area) {
    return (
      <Callout tone="warn" title={t('upload.to.nowhere.title')}>
        {t('upload.to.nowhere.what')}
      </Callout>
    );
  }
  if (areas.length === 1) return <OneArea area={area} />;
  return (
    <Group gap="sm" align="end">
      <NativeSelect
        label={t('upload.to')}
        value={area.id}
        onChange={(event) => keep(Number(event.currentTarget.value))}
        data={areas.map((each) => ({ value: String(each.id), label: areaWords(each) }))}
        miw={280}
        maw="100%"
      />
      <span className={classes.zone}>
        <ZoneBadge zone={area.zone} />
      </span>
    </Group>
  );
}

function OneArea({ area }: { readonly area: StoreArea }) {
  return (
    <p className={classes.to}>
      {t('upload.to')} <ZoneBadge zone={area.zone} />{' '}
      {[area.projectName, area.siteName].filter((name) => name !== null).join(', ')}
    </p>
  );
}

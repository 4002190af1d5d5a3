import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { ChoiceFilter } from '../list/choice-filter.tsx';
import { DateFilter } from '../list/date-filter.tsx';
import { SearchBox } from '../list/search-box.tsx';
import { TextFilter } from '../list/text-filter.tsx';
import { zoneAbout, zoneWord } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import classes from './studies-page.module.css';
import { isFiltered, type StudiesSearch, zones } from './studies-search.ts';

/** The modalities that people look for (PS3.3 C.7.3.1.1.1), the common ones first. */
const modalities = [
  'CT',
  'MR',
  'US',
  'CR',
  'DX',
  'MG',
  'XA',
  'RF',
  'PT',
  'NM',
  'OT',
  'SC',
  'SEG',
  'SR',
  'PR',
  'RTSTRUCT',
  'RTPLAN',
  'RTDOSE',
  'ECG',
];

/** New values by name; undefined takes one off. */
export type Changes = { readonly [K in keyof StudiesSearch]?: StudiesSearch[K] | undefined };

interface StudiesFiltersProps {
  readonly search: StudiesSearch;
  readonly onChange: (part: Changes) => void;
  readonly onClear: () => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** What the list is narrowed by. An empty value takes the filter off. */
export function StudiesFilters({ search, onChange, onClear, inputRef }: StudiesFiltersProps) {
  const set = (name: keyof StudiesSearch, value: string | readonly string[] | undefined) =>
    onChange({ [name]: value === undefined || value.length === 0 ? undefined : value });
  return (
    <search className={classes.filters} aria-label={t('list.filters')}>
      <SearchBox
        label={t('studies.search')}
        value={search.q ?? ''}
        onChange={(text) => set('q', text)}
        inputRef={inputRef}
      />
      <ChoiceFilter
        name={t('study.zone')}
        options={zones.map((zone) => ({ value: zone, label: zoneWord(zone), description: zoneAbout(zone) }))}
        chosen={search.zone ?? []}
        onChange={(chosen) => set('zone', chosen)}
      />
      <ChoiceFilter
        name={t('study.modality')}
        options={modalities.map((value) => ({ value, label: value }))}
        chosen={search.modality ?? []}
        onChange={(chosen) => set('modality', chosen)}
      />
      <DateFilter
        name={t('study.date')}
        range={{ from: search.from, to: search.to }}
        onChange={({ from, to }) => onChange({ from, to })}
      />
      <TextFilter name={t('study.patient')} value={search.name} onChange={(value) => set('name', value)} />
      <TextFilter name={t('study.patientId')} value={search.id} onChange={(value) => set('id', value)} />
      <TextFilter name={t('study.accession')} value={search.accession} onChange={(value) => set('accession', value)} />
      {isFiltered(search) && (
        <Button variant="subtle" onClick={onClear}>
          {t('list.filters.clear')}
        </Button>
      )}
    </search>
  );
}

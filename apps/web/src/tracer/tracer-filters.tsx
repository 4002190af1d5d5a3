import { OUTCOMES, TRACER_ACTIONS } from '@isocenter/contract';
import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { ChoiceFilter } from '../list/choice-filter.tsx';
import { DateFilter } from '../list/date-filter.tsx';
import { SearchBox } from '../list/search-box.tsx';
import { TextFilter } from '../list/text-filter.tsx';
import list from '../studies/studies-page.module.css';
import { t } from '../text/t.ts';
import { isFiltered, type TracerSearch } from './tracer-search.ts';

/** New values by name; undefined takes one off. */
export type Changes = { readonly [K in keyof TracerSearch]?: TracerSearch[K] | undefined };

interface TracerFiltersProps {
  readonly search: TracerSearch;
  /** Whether other people's entries can be asked for. */
  readonly all: boolean;
  readonly onChange: (part: Changes) => void;
  readonly onClear: () => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** What the list is narrowed by. */
export function TracerFilters({ search, all, onChange, onClear, inputRef }: TracerFiltersProps) {
  const actions = TRACER_ACTIONS.map((value) => ({ value, label: t(`tracer.action.${value}`) }));
  const outcomes = OUTCOMES.map((value) => ({ value, label: t(`tracer.outcome.${value}`) }));
  return (
    <search className={list.filters} aria-label={t('list.filters')}>
      <SearchBox
        label={t('tracer.search')}
        value={search.study ?? ''}
        onChange={(study) => onChange({ study: study || undefined })}
        inputRef={inputRef}
      />
      <ChoiceFilter
        name={t('tracer.what')}
        options={actions}
        chosen={search.action ?? []}
        onChange={(action) => onChange({ action: action.length > 0 ? action : undefined })}
      />
      {all && <TextFilter name={t('tracer.who')} value={search.actor} onChange={(actor) => onChange({ actor })} />}
      <ChoiceFilter
        name={t('tracer.outcome')}
        options={outcomes}
        chosen={search.outcome ?? []}
        onChange={(outcome) => onChange({ outcome: outcome.length > 0 ? outcome : undefined })}
      />
      <DateFilter name={t('tracer.time')} range={{ from: search.from, to: search.to }} onChange={onChange} />
      <TextFilter name={t('tracer.project')} value={search.project} onChange={(project) => onChange({ project })} />
      <TextFilter name={t('tracer.object')} value={search.object} onChange={(object) => onChange({ object })} />
      {isFiltered(search) && (
        <Button variant="subtle" onClick={onClear}>
          {t('list.filters.clear')}
        </Button>
      )}
    </search>
  );
}

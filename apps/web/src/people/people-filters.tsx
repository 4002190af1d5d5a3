import { PERSON_STATES } from '@isocenter/contract';
import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import { compact } from '../app/search-string.ts';
import { ChoiceFilter } from '../list/choice-filter.tsx';
import { SearchBox } from '../list/search-box.tsx';
import list from '../studies/studies-page.module.css';
import { t } from '../text/t.ts';
import type { PeopleSearch } from './people-search.ts';

interface PeopleFiltersProps {
  readonly search: PeopleSearch;
  readonly onChange: (search: PeopleSearch) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** What the list of people is narrowed by. */
export function PeopleFilters({ search, onChange, inputRef }: PeopleFiltersProps) {
  const { preview } = search;
  return (
    <search className={list.filters} aria-label={t('list.filters')}>
      <SearchBox
        label={t('people.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange(compact({ ...search, page: undefined, q: q || undefined }))}
        inputRef={inputRef}
      />
      <ChoiceFilter
        name={t('person.state')}
        options={PERSON_STATES.map((value) => ({
          value,
          label: t(`person.state.${value}`),
          description: t(`person.state.${value}.about`),
        }))}
        chosen={search.state ?? []}
        onChange={(state) =>
          onChange(compact({ ...search, page: undefined, state: state.length > 0 ? state : undefined }))
        }
      />
      {(search.q !== undefined || search.state !== undefined) && (
        <Button variant="subtle" onClick={() => onChange(compact({ preview }))}>
          {t('list.filters.clear')}
        </Button>
      )}
    </search>
  );
}

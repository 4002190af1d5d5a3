import { PERSON_STATES } from '@isocenter/contract';
import type { PersonState } from '../api/people.ts';
import { compact, textOfSearch, textsOfSearch, wholeNumberOfSearch } from '../app/search-string.ts';

/** Everything that the list of people shows, as it stands in the address. */
export interface PeopleSearch {
  readonly q?: string;
  readonly state?: readonly PersonState[];
  readonly page?: number;
  /** Whose preview is shown. */
  readonly preview?: string;
}

export function parsePeopleSearch(raw: Record<string, unknown>): PeopleSearch {
  const states = PERSON_STATES.filter((state) => textsOfSearch(raw.state)?.includes(state));
  return compact({
    q: textOfSearch(raw.q)?.slice(0, 200),
    state: states.length > 0 ? states : undefined,
    page: wholeNumberOfSearch(raw.page, 2, 100_000),
    preview: textOfSearch(raw.preview),
  });
}

import { compact, textOfSearch } from '../app/search-string.ts';

export interface SignInSearch {
  readonly interaction?: string;
  readonly problem?: string;
  /** Anything: the access token is asked for. */
  readonly token?: string;
}

export function parseSignInSearch(raw: Record<string, unknown>): SignInSearch {
  const interaction = textOfSearch(raw.interaction);
  return compact({
    interaction: interaction && /^[\w-]{10,100}$/.test(interaction) ? interaction : undefined,
    problem: textOfSearch(raw.problem),
    token: textOfSearch(raw.token),
  });
}

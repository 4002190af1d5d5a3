import { compact, oneOf, textsOfSearch, wholeNumberOfSearch } from '../app/search-string.ts';

export const layouts = ['1x1', '1x2', '2x2'] as const;
export type Layout = (typeof layouts)[number];

/** What the viewer shows: a series per viewport (`-` for none), the active viewport, its image (from 1), the layout. */
export interface ViewerSearch {
  readonly series?: readonly string[];
  readonly image?: number;
  readonly layout?: Layout;
  readonly active?: number;
}

export function parseViewerSearch(raw: Record<string, unknown>): ViewerSearch {
  return compact({
    series: textsOfSearch(raw.series),
    image: wholeNumberOfSearch(raw.image, 1, 1_000_000),
    layout: oneOf(layouts, raw.layout),
    active: wholeNumberOfSearch(raw.active, 1, 3),
  });
}

import { useNavigate, useSearch } from '@tanstack/react-router';
import type { StudyDetail } from '../api/studies.ts';
import { compact } from '../app/search-string.ts';
import type { Layout } from './viewer-search.ts';

/** How many panes a layout has. */
const counts: Record<Layout, number> = { '1x1': 1, '1x2': 2, '2x2': 4 };

/** Stands in the address for a pane without a series. */
const nothing = '-';

export interface Panes {
  readonly layout: Layout;
  /** The series of each pane; null for none. */
  readonly series: readonly (string | null)[];
  readonly active: number;
  /** Which image the active pane starts with, from 0. */
  readonly image: number;
  readonly setLayout: (layout: Layout) => void;
  readonly setSeries: (pane: number, seriesUid: string) => void;
  readonly setActive: (pane: number) => void;
  readonly setImage: (index: number) => void;
}

/** Which series lies in which pane: all of it in the address, so that a view can be shared. */
export function usePanes(study: StudyDetail): Panes {
  const search = useSearch({ from: '/studies/$uid/view' });
  const navigate = useNavigate({ from: '/studies/$uid/view' });
  const viewable: readonly string[] = study.series
    .filter((series) => series.hasPixels)
    .map((series) => series.seriesInstanceUid);
  const layout = search.layout ?? '1x1';
  const count = counts[layout];
  const active = Math.min(search.active ?? 0, count - 1);

  const asked = search.series ?? [];
  const series: (string | null)[] = [];
  for (let pane = 0; pane < count; pane += 1) {
    const wanted = asked[pane];
    const known = wanted !== undefined && viewable.includes(wanted);
    // A pane that the address doesn't mention gets the next series that isn't shown yet.
    const next = viewable.find((uid) => !series.includes(uid) && !asked.includes(uid)) ?? null;
    series.push(known ? wanted : wanted === nothing ? null : next);
  }

  const go = (part: { layout?: Layout; series?: readonly (string | null)[]; active?: number; image?: number }) => {
    const shown = (part.series ?? series).map((uid) => uid ?? nothing);
    const nextLayout = part.layout ?? layout;
    const nextActive = part.active ?? active;
    void navigate({
      search: (before) =>
        compact({
          series: shown.slice(0, counts[nextLayout]),
          layout: nextLayout === '1x1' ? undefined : nextLayout,
          active: nextActive > 0 && nextActive < counts[nextLayout] ? nextActive : undefined,
          image: 'image' in part ? part.image : part.series || part.active !== undefined ? undefined : before.image,
        }),
      replace: true,
    });
  };

  return {
    layout,
    series,
    active,
    image: (search.image ?? 1) - 1,
    setLayout: (next) => {
      // Going to fewer panes keeps the one that is looked at.
      const keep = series[active] ?? null;
      const others = series.filter((_, pane) => pane !== active);
      const fill = viewable.filter((uid) => uid !== keep && !others.includes(uid));
      const ordered = counts[next] < count ? [keep, ...others] : [...series, ...fill];
      go({ layout: next, series: ordered.slice(0, counts[next]), active: counts[next] < count ? 0 : active });
    },
    setSeries: (pane, uid) => go({ series: series.map((old, at) => (at === pane ? uid : old)), active: pane }),
    setActive: (pane) => pane !== active && go({ active: pane }),
    setImage: (index) => go({ image: index + 1 }),
  };
}

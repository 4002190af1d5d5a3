import type { KeyboardEvent, PointerEvent } from 'react';
import { t } from '../text/t.ts';
import classes from './pane.module.css';

interface PaneScrollbarProps {
  readonly index: number;
  readonly total: number;
  readonly loaded: readonly boolean[];
  readonly onGo: (index: number) => void;
}

/** Where one is in the stack, which images are there already, and a way to any of them. */
export function PaneScrollbar({ index, total, loaded, onGo }: PaneScrollbarProps) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { top, height } = event.currentTarget.getBoundingClientRect();
    onGo(Math.round(((event.clientY - top) / height) * (total - 1)));
  };
  const press = (event: KeyboardEvent) => {
    const to = { Home: 0, End: total - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onGo(to);
  };
  const size = Math.max(100 / total, 4);
  return (
    <div
      className={classes.scrollbar}
      role="slider"
      tabIndex={0}
      aria-label={t('viewer.scrollbar')}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={total}
      aria-valuenow={index + 1}
      aria-valuetext={t('viewer.position', { number: index + 1, total })}
      onPointerDown={drag}
      onPointerMove={drag}
      onKeyDown={press}
    >
      <span className={classes.track} style={{ background: loadedGradient(loaded) }} />
      <span
        className={classes.thumb}
        style={{ height: `${size}%`, top: `${(index / Math.max(1, total - 1)) * (100 - size)}%` }}
      />
    </div>
  );
}

/** Bands where images are loaded. Neighbours are joined, so that long stacks stay cheap to draw. */
function loadedGradient(loaded: readonly boolean[]): string {
  const stops: string[] = [];
  for (let from = 0; from < loaded.length; ) {
    let to = from;
    while (to < loaded.length && loaded[to] === loaded[from]) to += 1;
    const colour = loaded[from] ? 'var(--loaded)' : 'var(--unloaded)';
    stops.push(`${colour} ${(from / loaded.length) * 100}% ${(to / loaded.length) * 100}%`);
    from = to;
  }
  return stops.length > 0 ? `linear-gradient(to bottom, ${stops.join(', ')})` : 'var(--unloaded)';
}

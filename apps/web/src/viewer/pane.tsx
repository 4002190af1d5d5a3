import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { seriesMetadataQuery } from '../api/dicomweb.ts';
import type { SeriesRow, StudyDetail } from '../api/studies.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { seriesTitle } from '../study/series-words.ts';
import { t } from '../text/t.ts';
import { troubles } from './cornerstone/failures.ts';
import { createStack, type Stack } from './cornerstone/stack.ts';
import { View } from './cornerstone/view.ts';
import { ImageTrouble } from './image-trouble.tsx';
import { OverlayText } from './overlay-text.tsx';
import classes from './pane.module.css';
import { PaneScrollbar } from './pane-scrollbar.tsx';
import { seriesDragType } from './series-strip.tsx';

interface PaneProps {
  readonly index: number;
  readonly study: StudyDetail;
  readonly series: SeriesRow | null;
  /** The image to begin with, from 0. */
  readonly start: number;
  readonly active: boolean;
  readonly alone: boolean;
  readonly text: boolean;
  readonly onView: (view: View | null) => void;
  readonly onActivate: () => void;
  readonly onImage: (index: number) => void;
  readonly onMaximise: () => void;
  readonly onDropSeries: (seriesUid: string) => void;
}

/** One viewport: its images, the words around them, its place in the stack. */
export function Pane(props: PaneProps) {
  const { series, study, active, alone } = props;
  const [over, setOver] = useState(false);
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(seriesDragType)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const uid = event.dataTransfer.getData(seriesDragType);
      if (uid) props.onDropSeries(uid);
    },
  };
  return (
    <section
      className={classes.pane}
      data-active={(active && !alone) || undefined}
      data-over={over || undefined}
      aria-label={series ? seriesTitle(series) : t('viewer.pane.empty', { number: props.index + 1 })}
      onPointerDownCapture={props.onActivate}
      onFocusCapture={props.onActivate}
      {...drop}
    >
      {series ? (
        <Loading {...props} series={series} study={study} />
      ) : (
        <p className={classes.hint}>{t('viewer.empty')}</p>
      )}
    </section>
  );
}

function Loading(props: PaneProps & { readonly series: SeriesRow }) {
  const { study, series } = props;
  const { data, error, refetch } = useQuery(seriesMetadataQuery(study.studyInstanceUid, series.seriesInstanceUid));
  const stack = useMemo(
    () => data && createStack(study.studyInstanceUid, series.seriesInstanceUid, data),
    [data, study.studyInstanceUid, series.seriesInstanceUid],
  );
  if (error && !stack) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!stack) return <Busy />;
  if (stack.images.length === 0) return <p className={classes.hint}>{t('viewer.noImages')}</p>;
  return <Images {...props} stack={stack} />;
}

/** How long the position must rest before it is written into the address, milliseconds. */
const rest = 350;

function Images(props: PaneProps & { readonly series: SeriesRow; readonly stack: Stack }) {
  const { stack, start, active, study, series, text } = props;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!element.current) return;
    const created = new View(`viewer-${latest.current.index}`, element.current);
    setView(created);
    latest.current.onView(created);
    return () => {
      latest.current.onView(null);
      created.destroy();
    };
  }, []);
  useEffect(() => {
    void view?.show(stack, latest.current.start);
  }, [view, stack]);

  const state = useSyncExternalStore(view?.subscribe ?? neverChanges, () => view?.state() ?? null);
  const index = state?.index ?? start;
  useEffect(() => {
    if (!active || !state || state.playing) return;
    const timer = setTimeout(() => latest.current.start !== index && latest.current.onImage(index), rest);
    return () => clearTimeout(timer);
  }, [active, index, state]);

  const all = useSyncExternalStore(troubles.subscribe, troubles.get);
  const image = stack.images[index];
  const trouble = (image && all.get(image.imageId)) ?? null;
  const total = stack.images.length;
  return (
    <>
      {/* The keys work wherever the focus is; the double click is for the mouse only. */}
      <div
        ref={element}
        className={classes.canvas}
        role="img"
        aria-label={t('viewer.pane', { number: index + 1, total, series: seriesTitle(series) })}
        onDoubleClick={props.onMaximise}
        onContextMenu={(event) => event.preventDefault()}
      />
      {(!state || state.loading) && <Busy />}
      {view && trouble?.kind === 'failed' && <ImageTrouble trouble={trouble} onRetry={() => void view.again()} />}
      {view && state && image && (
        <OverlayText
          study={study}
          image={image}
          total={total}
          state={state}
          trouble={trouble}
          shown={text}
          view={view}
          element={element}
        />
      )}
      {view && state && total > 1 && (
        <PaneScrollbar index={index} total={total} loaded={state.loaded} onGo={(to) => view.goTo(to)} />
      )}
    </>
  );
}

function Busy() {
  return (
    <div className={classes.busy} role="status" aria-label={t('viewer.loading')}>
      <Loader size="sm" color="gray" />
    </div>
  );
}

function neverChanges(): () => void {
  return () => undefined;
}

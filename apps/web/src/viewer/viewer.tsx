import { useFullscreenDocument, useLocalStorage } from '@mantine/hooks';
import { IconPhotoOff } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { StudyDetail } from '../api/studies.ts';
import { StateBox } from '../parts/state-box.tsx';
import { ZoneFrame } from '../parts/zone.tsx';
import { t } from '../text/t.ts';
import type { ActionName } from './commands.ts';
import { chooseTool, removeMeasurements, type ToolName } from './cornerstone/tools.ts';
import type { View } from './cornerstone/view.ts';
import { Pane } from './pane.tsx';
import { SeriesStrip } from './series-strip.tsx';
import { ToolRail } from './tool-rail.tsx';
import { usePanes } from './use-panes.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import classes from './viewer.module.css';
import { ViewerBar } from './viewer-bar.tsx';
import { ViewerKeys } from './viewer-keys.tsx';

/** Frames a second until one chooses, when the file doesn't say. */
const usualRate = 10;

/** Tools on the left, images in the middle, series on the right. */
export function Viewer({ study }: { readonly study: StudyDetail }) {
  const panes = usePanes(study);
  const [tool, setTool] = useState<ToolName>('window');
  const [views, setViews] = useState<readonly (View | null)[]>([]);
  const [text, setText] = useLocalStorage({ key: 'isocenter-viewer-text', defaultValue: true });
  const [strip, setStrip] = useLocalStorage({ key: 'isocenter-viewer-strip', defaultValue: true });
  const [cine, setCine] = useState({ rate: usualRate, loop: true });
  const [keysOpen, setKeysOpen] = useState(false);
  const before = useRef(panes.layout);
  const fullscreen = useFullscreenDocument();
  const view = views[panes.active] ?? null;

  const choose = (name: ToolName) => {
    chooseTool(name);
    setTool(name);
  };
  const act = (name: ActionName) => view && actions[name](view, cine);
  const maximise = (pane: number) => {
    panes.setActive(pane);
    panes.setLayout(panes.layout === '1x1' ? (before.current === '1x1' ? '2x2' : before.current) : '1x1');
    before.current = panes.layout;
  };
  const stepSeries = (by: number) => {
    const uids: readonly string[] = study.series
      .filter((series) => series.hasPixels)
      .map((series) => series.seriesInstanceUid);
    const next = uids[uids.indexOf(panes.series[panes.active] ?? '') + by];
    if (next) panes.setSeries(panes.active, next);
  };

  useViewerKeys({
    view,
    onTool: choose,
    onAction: act,
    onSeries: stepSeries,
    onPane: () => panes.setActive((panes.active + 1) % panes.series.length),
    onText: () => setText(!text),
    onStrip: () => setStrip(!strip),
    onFullscreen: () => void fullscreen.toggle(),
    onKeys: () => setKeysOpen(true),
  });

  const empty = !study.series.some((series) => series.hasPixels);
  return (
    <ZoneFrame zone={study.zone}>
      <div className={classes.viewer} data-strip={strip || undefined}>
        <ViewerBar
          study={study}
          panes={panes}
          text={text}
          onText={setText}
          strip={strip}
          onStrip={setStrip}
          onFullscreen={() => void fullscreen.toggle()}
          onKeys={() => setKeysOpen(true)}
        />
        <ToolRail tool={tool} onTool={choose} onAction={act} view={view} cine={cine} onCine={setCine} />
        <main className={classes.panes} data-layout={panes.layout}>
          {empty ? (
            <StateBox icon={IconPhotoOff} title={t('viewer.nothing.title')}>
              <p>{t('viewer.nothing.what')}</p>
            </StateBox>
          ) : (
            panes.series.map((uid, pane) => (
              <Pane
                // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                key={pane}
                index={pane}
                study={study}
                series={study.series.find((series) => series.seriesInstanceUid === uid) ?? null}
                start={pane === panes.active ? panes.image : 0}
                active={pane === panes.active}
                alone={panes.series.length === 1}
                text={text}
                onView={(created) => setViews((all) => withItem(all, pane, created))}
                onActivate={() => panes.setActive(pane)}
                onImage={panes.setImage}
                onMaximise={() => maximise(pane)}
                onDropSeries={(dropped) => panes.setSeries(pane, dropped)}
              />
            ))
          )}
        </main>
        {strip && (
          <SeriesStrip
            study={study}
            shown={panes.series}
            active={panes.series[panes.active] ?? null}
            onChoose={(uid) => panes.setSeries(panes.active, uid)}
          />
        )}
        <ViewerKeys opened={keysOpen} onClose={() => setKeysOpen(false)} />
      </div>
    </ZoneFrame>
  );
}

type Act = (view: View, cine: { readonly rate: number; readonly loop: boolean }) => void;

const actions: Record<ActionName, Act> = {
  invert: (view) => view.toggleInvert(),
  rotate: (view) => view.rotate(90),
  flipHorizontal: (view) => view.flip('horizontal'),
  flipVertical: (view) => view.flip('vertical'),
  reset: (view) => view.reset(),
  cine: (view, { rate, loop }) => (view.state().playing ? view.stop() : view.play(rate, loop)),
  clear: (view) => {
    removeMeasurements();
    view.draw();
  },
};

function withItem<T>(items: readonly (T | null)[], at: number, item: T | null): readonly (T | null)[] {
  const next = [...items];
  next[at] = item;
  return next;
}

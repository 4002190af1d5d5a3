import { type RefObject, useEffect, useState } from 'react';
import { numberValue, textValue } from '../api/data-set.ts';
import type { StudyDetail } from '../api/studies.ts';
import { showsIdentity, zoneWord } from '../parts/zone.tsx';
import { formatPersonName } from '../text/format.ts';
import { t } from '../text/t.ts';
import type { Trouble } from './cornerstone/failures.ts';
import type { StackImage } from './cornerstone/stack.ts';
import type { View, ViewState } from './cornerstone/view.ts';
import classes from './pane.module.css';

interface OverlayTextProps {
  readonly study: StudyDetail;
  readonly image: StackImage;
  readonly total: number;
  readonly state: ViewState;
  readonly trouble: Trouble | null;
  readonly shown: boolean;
  readonly view: View;
  readonly element: RefObject<HTMLDivElement | null>;
}

/** The words in the corners. What qualifies the picture itself (lossy, rendered elsewhere) can't be switched off. */
export function OverlayText({ study, image, total, state, trouble, shown, view, element }: OverlayTextProps) {
  const probe = useProbe(view, element, shown);
  const { header } = image;
  const unit = textValue(header, '00281054') || (textValue(header, '00080060') === 'CT' ? 'HU' : '');
  return (
    <div className={classes.overlay} aria-hidden>
      {shown && (
        <>
          <Lines place="topLeft" lines={personLines(study)} />
          <Lines place="topRight" lines={seriesLines(study, image)} />
          <Lines
            place="bottomLeft"
            lines={[
              probe &&
                (unit && trouble === null
                  ? t('viewer.value.unit', { ...probe, unit })
                  : t('viewer.value', { ...probe })),
              ...planeLines(image),
              t('viewer.position', { number: state.index + 1, total }),
              image.frames > 1 && t('viewer.frame', { number: image.frame, total: image.frames }),
            ]}
          />
          {state.sides && (
            <>
              <span className={classes.side} data-edge="left">
                {state.sides.left}
              </span>
              <span className={classes.side} data-edge="right">
                {state.sides.right}
              </span>
              <span className={classes.side} data-edge="top">
                {state.sides.top}
              </span>
              <span className={classes.side} data-edge="bottom">
                {state.sides.bottom}
              </span>
            </>
          )}
        </>
      )}
      <Lines
        place="bottomRight"
        lines={[
          trouble?.kind === 'rendered' && renderedText(trouble),
          lossyText(image),
          shown && t('viewer.zoom', { percent: Math.round(state.zoom * 100) }),
          shown &&
            state.window &&
            t('viewer.window', { center: windowText(state.window.center), width: windowText(state.window.width) }),
        ]}
      />
    </div>
  );
}

function Lines({
  place,
  lines,
}: {
  readonly place: string;
  readonly lines: readonly (string | false | null | undefined)[];
}) {
  return (
    <div className={classes.corner} data-place={place}>
      {lines.filter(Boolean).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <span key={index}>{line}</span>
      ))}
    </div>
  );
}

function personLines(study: StudyDetail): (string | false)[] {
  if (!showsIdentity(study.zone)) return [zoneWord(study.zone), study.patientSex];
  return [
    formatPersonName(study.patientName),
    study.patientId,
    [study.patientBirthDate, study.patientSex].filter(Boolean).join(' '),
  ];
}

function seriesLines(study: StudyDetail, { header }: StackImage): string[] {
  const number = textValue(header, '00200011');
  return [
    study.description,
    [study.studyDate, study.studyTime?.slice(0, 5)].filter(Boolean).join(' '),
    [number && t('series.number', { number }), textValue(header, '0008103E')].filter(Boolean).join(' · '),
  ];
}

function planeLines({ header }: StackImage): (string | false)[] {
  const thickness = numberValue(header, '00180050');
  const location = numberValue(header, '00201041');
  return [
    location !== null && t('viewer.location', { location: location.toFixed(1) }),
    thickness !== null && t('viewer.slice', { thickness: String(Math.round(thickness * 100) / 100) }),
  ];
}

/** A lossy picture must be marked as one (PS3.3 C.7.6.1.1.5). */
function lossyText({ header }: StackImage): string | false {
  if (textValue(header, '00282110') !== '01') return false;
  const ratio = numberValue(header, '00282112');
  return ratio ? t('viewer.lossy.ratio', { ratio: String(Math.round(ratio * 10) / 10) }) : t('viewer.lossy');
}

function renderedText({ reason }: Trouble): string {
  return reason ? t('viewer.rendered', { reason }) : t('viewer.rendered.plain');
}

function windowText(value: number): string {
  return Math.abs(value) < 10 ? String(Math.round(value * 100) / 100) : String(Math.round(value));
}

/** The value under the mouse. */
function useProbe(view: View, element: RefObject<HTMLDivElement | null>, enabled: boolean) {
  const [probe, setProbe] = useState<ReturnType<View['valueAt']>>(null);
  useEffect(() => {
    const target = element.current;
    if (!target || !enabled) return;
    const move = (event: MouseEvent) => {
      const { left, top } = target.getBoundingClientRect();
      setProbe(view.valueAt(event.clientX - left, event.clientY - top));
    };
    const leave = () => setProbe(null);
    target.addEventListener('mousemove', move);
    target.addEventListener('mouseleave', leave);
    return () => {
      target.removeEventListener('mousemove', move);
      target.removeEventListener('mouseleave', leave);
    };
  }, [view, element, enabled]);
  return probe;
}

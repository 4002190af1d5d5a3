import {
  IconAlertTriangle,
  IconArrowUp,
  IconCircleCheck,
  IconCircleMinus,
  IconCircleX,
  IconClock,
  type TablerIcon,
} from '@tabler/icons-react';
import { formatBytes } from '../text/format.ts';
import { t, textOf } from '../text/t.ts';
import type { ItemState, Reason, UploadItem } from './item.ts';
import classes from './upload-page.module.css';

const icons: Record<ItemState, TablerIcon> = {
  waiting: IconClock,
  sending: IconArrowUp,
  stored: IconCircleCheck,
  failed: IconCircleX,
  skipped: IconCircleMinus,
  cancelled: IconCircleMinus,
};

/** One file, its size and its outcome with the reason. */
export function OutcomeRow({ item }: { readonly item: UploadItem }) {
  const Icon = item.reason?.kind === 'warned' ? IconAlertTriangle : icons[item.state];
  const text = outcomeText(item);
  return (
    <div className={classes.row}>
      <span className={classes.path} title={item.path}>
        {/* The left-to-right mark keeps the order of the path while its beginning is cut. */}
        {`\u200e${item.path}`}
      </span>
      <span className={classes.size}>{formatBytes(item.file.size)}</span>
      <span className={classes.outcome} data-state={item.state}>
        <Icon size={16} aria-hidden style={{ flex: 'none' }} />
        <span className={classes.reason} title={text}>
          {text}
        </span>
      </span>
    </div>
  );
}

export function outcomeText(item: UploadItem): string {
  const state = t(`upload.state.${item.state}`);
  const reason = item.reason && reasonText(item.reason);
  return reason ? `${state}: ${reason}` : state;
}

function reasonText(reason: Reason): string {
  if (reason.kind === 'problem') return reason.requestId ? `${reason.text} (${reason.requestId})` : reason.text;
  if (reason.kind === 'refused' || reason.kind === 'warned') {
    const code = reason.code === null ? null : reason.code.toString(16).toUpperCase().padStart(4, '0');
    return reason.comment || (code && (stowText(code) ?? t('upload.reason.code', { code }))) || '';
  }
  return t(`upload.reason.${reason.kind}`);
}

/** The text of a reason code (PS3.18 Table I.2-2); some codes stand for a whole range. */
function stowText(code: string): string | undefined {
  return textOf(`stow.${code}`) ?? textOf(`stow.${code.slice(0, 2)}00`) ?? textOf(`stow.${code.slice(0, 1)}000`);
}

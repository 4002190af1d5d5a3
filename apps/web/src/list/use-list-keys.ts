import { useWindowEvent } from '@mantine/hooks';

interface ListKeys<Row> {
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The cursor came onto a row. */
  readonly onMove?: (row: Row) => void;
  readonly onOpen: (row: Row) => void;
  readonly onPreview?: (row: Row) => void;
  readonly onSelect?: (row: Row) => void;
  readonly onSearch?: () => void;
  readonly onClose?: () => void;
}

/**
 * The keys that every list has: j and k or the arrows move, Enter opens, Space previews, x selects, / searches, Esc
 * closes. The cursor is the focus on a row's link, so that screen readers follow.
 */
export function useListKeys<Row>(list: ListKeys<Row>): void {
  useWindowEvent('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
    const at = list.rows.findIndex((row) => list.idOf(row) === cursor());
    const act = actionOf(event, list, at);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actionOf<Row>(event: KeyboardEvent, list: ListKeys<Row>, at: number): (() => void) | undefined {
  const row = list.rows[at];
  const to = (index: number) => () => moveTo(list, index);
  switch (event.key) {
    case 'j':
      return to(at + 1);
    case 'k':
      return to(at < 0 ? list.rows.length - 1 : at - 1);
    case 'ArrowDown':
      return row && to(at + 1);
    case 'ArrowUp':
      return row && to(at - 1);
    case 'Enter':
      // On a link or button the browser does it.
      return row && !isPressable(event.target) ? () => list.onOpen(row) : undefined;
    case ' ':
      return row && list.onPreview && !isBox(event.target) ? () => list.onPreview?.(row) : undefined;
    case 'x':
      return row && list.onSelect ? () => list.onSelect?.(row) : undefined;
    case '/':
      return list.onSearch;
    case 'Escape':
      return list.onClose;
    default:
      return undefined;
  }
}

function moveTo<Row>(list: ListKeys<Row>, index: number): void {
  const row = list.rows[index];
  if (!row) return;
  const link = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(list.idOf(row))}"] a`);
  link?.focus({ preventScroll: true });
  link?.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
  list.onMove?.(row);
}

function cursor(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;
}

/** Typing, or something lies over the list that has the keys for itself. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"][aria-modal="true"]')) return true;
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="menu"], [role="dialog"]',
    ) !== null
  );
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button') !== null;
}

function isBox(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, button') !== null;
}

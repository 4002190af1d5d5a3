import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { t } from '../text/t.ts';
import type { HeaderRow } from './header-rows.ts';
import classes from './header-tab.module.css';

interface HeaderTableProps {
  readonly rows: readonly HeaderRow[];
  readonly expanded: ReadonlySet<string>;
  readonly onToggle: (path: string) => void;
}

/** The lines of a header; sequences unfold. */
export function HeaderTable({ rows, expanded, onToggle }: HeaderTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling region
    <section className={classes.scroll} tabIndex={0} aria-label={t('header.table')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.tag}>
              {t('header.tag')}
            </th>
            <th scope="col" className={classes.name}>
              {t('header.name')}
            </th>
            <th scope="col" className={classes.vr}>
              {t('header.vr')}
            </th>
            <th scope="col">{t('header.value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.path} row={row} open={expanded.has(row.path)} onToggle={() => onToggle(row.path)} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={classes.none}>{t('header.empty')}</p>}
    </section>
  );
}

function Line({
  row,
  open,
  onToggle,
}: {
  readonly row: HeaderRow;
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  const indent = { paddingLeft: 16 + row.depth * 16 };
  if (row.kind === 'item' || row.kind === 'more') {
    return (
      <tr data-kind={row.kind}>
        <td colSpan={4} style={indent}>
          {row.kind === 'item' ? (
            row.name
          ) : (
            <button type="button" className={classes.unfold} onClick={onToggle}>
              {row.name}
            </button>
          )}
        </td>
      </tr>
    );
  }
  return (
    <tr>
      <td className={classes.tagCell} style={indent}>
        {row.tag}
      </td>
      <td className={classes.nameCell}>
        {row.kind === 'sequence' ? (
          <button
            type="button"
            className={classes.unfold}
            onClick={onToggle}
            aria-expanded={open}
            aria-label={t('header.expand', { name: row.name })}
          >
            {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
            {row.name}
          </button>
        ) : (
          row.name
        )}
      </td>
      <td className={classes.vrCell}>{row.vr}</td>
      <td className={classes.valueCell}>
        {row.value}
        {row.varies && <span className={classes.varies}>{t('header.varies.mark')}</span>}
      </td>
    </tr>
  );
}

import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMay } from '../session/use-may.ts';
import { t } from '../text/t.ts';
import { areas } from './areas.ts';
import classes from './rail.module.css';

interface RailProps {
  readonly narrow: boolean;
  readonly onNavigate?: () => void;
}

/** The areas that one's role has, as links. */
export function Rail({ narrow, onNavigate }: RailProps) {
  const may = useMay();
  return (
    <nav className={classes.rail} aria-label={t('app.rail')} data-narrow={narrow || undefined}>
      {areas
        .filter((area) => !area.action || may(area.action))
        .map((area, index, shown) => (
          <div key={area.path} className={classes.item}>
            {area.group &&
              area.group !== shown[index - 1]?.group &&
              (narrow ? <hr className={classes.rule} /> : <p className={classes.group}>{t(area.group)}</p>)}
            <Tooltip label={t(area.label)} position="right" disabled={!narrow}>
              <Link
                to={area.path}
                className={classes.link}
                activeOptions={{ exact: area.path === '/', includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
                aria-label={narrow ? t(area.label) : undefined}
                {...(onNavigate ? { onClick: onNavigate } : {})}
              >
                <area.icon size={18} stroke={1.7} aria-hidden />
                {!narrow && <span>{t(area.label)}</span>}
              </Link>
            </Tooltip>
          </div>
        ))}
    </nav>
  );
}

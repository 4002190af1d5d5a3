import type { Zone } from '@isocenter/contract';
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type PlainKey, t } from '../text/t.ts';
import classes from './zone.module.css';

const words = {
  landing: 'zone.landing',
  staging: 'zone.staging',
  repository: 'zone.repository',
} as const satisfies Record<Zone, PlainKey>;
const abouts = {
  landing: 'zone.landing.about',
  staging: 'zone.staging.about',
  repository: 'zone.repository.about',
} as const satisfies Record<Zone, PlainKey>;

export function zoneWord(zone: Zone): string {
  return t(words[zone]);
}

export function zoneAbout(zone: Zone): string {
  return t(abouts[zone]);
}

/** How sensitive it is, as a word with its colour. */
export function ZoneBadge({ zone, subtle = false }: { readonly zone: Zone; readonly subtle?: boolean }) {
  return (
    <Tooltip label={zoneAbout(zone)}>
      <span className={classes.badge} data-zone={zone} data-subtle={subtle || undefined}>
        <span className={classes.dot} aria-hidden />
        {zoneWord(zone)}
      </span>
    </Tooltip>
  );
}

/** The thin frame around everything that belongs to one zone. Without a zone it draws nothing. */
export function ZoneFrame({ zone, children }: { readonly zone: Zone | null; readonly children: ReactNode }) {
  return (
    <div className={classes.frame} {...(zone ? { 'data-zone': zone } : {})}>
      {children}
    </div>
  );
}

/** Names, birth dates and patient IDs are shown in the landing zone and nowhere else. */
export function showsIdentity(zone: Zone): boolean {
  return zone === 'landing';
}

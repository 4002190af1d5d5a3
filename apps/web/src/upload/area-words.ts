import type { StoreArea } from '@isocenter/contract';
import { zoneWord } from '../parts/zone.tsx';
import { t } from '../text/t.ts';

/** Of which zone, project and site. */
export function areaWords({ zone, projectName, siteName }: StoreArea): string {
  if (projectName === null) return t('upload.area.unassigned', { zone: zoneWord(zone) });
  return t('upload.area.assigned', { zone: zoneWord(zone), project: projectName, site: siteName ?? t('app.none') });
}

/** Where most uploads go: what arrives is identified; what belongs to nobody in particular comes first. */
export function usualArea(areas: readonly StoreArea[]): StoreArea | undefined {
  const landing = areas.filter(({ zone }) => zone === 'landing');
  return landing.find(({ projectName }) => projectName === null) ?? landing[0] ?? areas[0];
}

import type { Role } from '@isocenter/contract';
import { t } from '../text/t.ts';

/** A role, and the site that it is for where it is for one. */
export function roleWords({ role, siteName }: { readonly role: Role; readonly siteName: string | null }): string {
  return siteName === null ? t(`role.${role}`) : t('role.at', { role: t(`role.${role}`), site: siteName });
}

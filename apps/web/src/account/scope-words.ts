import type { TokenScope } from '@isocenter/contract';
import { t } from '../text/t.ts';

/** What a token may be used for. */
export function scopeWords(scope: TokenScope): string {
  return t(`scope.${scope}`);
}

import { compact, textOfSearch } from '../app/search-string.ts';

export interface DeviceSearch {
  /** As the program's link may have it. */
  readonly user_code?: string;
  readonly done?: string;
}

export function parseDeviceSearch(raw: Record<string, unknown>): DeviceSearch {
  return compact({ user_code: textOfSearch(raw.user_code)?.slice(0, 40), done: textOfSearch(raw.done) });
}

/** Browsers by the mark in their User-Agent; the ones that also carry others' marks come first. */
const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const;

/** A browser's User-Agent in two words, to tell one's own sessions apart; null for what is none that we know. */
export function describeAgent(agent: string): { browser: string; system: string | null } | null {
  const browser = browsers.find(([mark]) => agent.includes(mark))?.[1];
  if (browser === undefined) return null;
  return { browser, system: systems.find(([pattern]) => pattern.test(agent))?.[1] ?? null };
}

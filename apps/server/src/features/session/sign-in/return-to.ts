/**
 * Where a browser goes after signing in: a path of ours, whatever is asked for. `//host` and `/\host` would lead away, and
 * so would what a browser makes of tabs and line breaks.
 */
export function safeReturnTo(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted)) return '/';
  const base = 'http://isocenter.invalid';
  const resolved = URL.canParse(wanted, base) ? new URL(wanted, base) : undefined;
  if (resolved === undefined || resolved.origin !== base || resolved.pathname.startsWith('//')) return '/';
  return `${resolved.pathname}${resolved.search}${resolved.hash}`;
}

import { type Key, keys } from './platform/config-keys.ts';

export { renderDicomTables } from './conformance-tables.ts';

/** docs/reference/configuration.md */
export function renderConfiguration(): string {
  const all = Object.entries(keys) as [string, Key<unknown>][];
  const groups = [...new Set(all.map(([, key]) => key.group))];
  return [
    '# Configuration',
    '',
    'Made by `npm run generate` from apps/server/src/platform/config-keys.ts; do not edit.',
    '',
    'Every key is an environment variable, or a line `KEY=value` in the file that `ISOCENTER_CONFIG_FILE` names. A key that',
    'is empty counts as not set. All of them are checked at the start: what is wrong is named with what to do about it.',
    'Secrets are never shown, in no message and no log.',
    '',
    ...groups.flatMap((group) =>
      section(
        group,
        all.filter(([, key]) => key.group === group),
      ),
    ),
  ].join('\n');
}

function section(group: string, entries: readonly [string, Key<unknown>][]): string[] {
  const rows = entries.map(([name, key]) => {
    const standard = key.defaultNote ?? (key.default ? `\`${key.default}\`` : 'none');
    const secret = key.secret ? ' Secret.' : '';
    return `| \`${name}\` | ${key.type} | ${standard} | ${key.description.replaceAll('|', '\\|')}${secret} |`;
  });
  return [`## ${group}`, '', '| Key | Value | Default | What it does |', '| --- | --- | --- | --- |', ...rows, ''];
}

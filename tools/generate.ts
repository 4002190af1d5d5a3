import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderErrors, renderEvents, renderPermissions, renderTracerActions } from '@isocenter/contract';
import { renderConfiguration, renderDicomTables } from '@isocenter/server/reference';
import { generateDictionary } from './generate-dictionary.ts';
import { root } from './repository.ts';
import { readTraceability, renderTraceability } from './traceability.ts';

/** Files that are made from the catalogues in the code. */
const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/configuration.md': renderConfiguration,
  'docs/reference/dicom-tables.md': renderDicomTables,
  'docs/reference/errors.md': renderErrors,
  'docs/reference/events.md': renderEvents,
  'docs/reference/permissions.md': renderPermissions,
  'docs/reference/tracer-actions.md': renderTracerActions,
  'docs/reference/traceability.md': () => renderTraceability(readTraceability()),
};

/** Writes what differs; with `check` nothing. Returns the files that differed. */
export async function generate({ check }: { check: boolean }): Promise<string[]> {
  const changed = await generateDictionary({ check });
  for (const [path, render] of Object.entries(pages)) {
    const file = join(root, path);
    const text = render();
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    changed.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return changed;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const changed = await generate({ check });
  for (const path of changed) console.log(check ? `${path} is not what the code says` : `wrote ${path}`);
  if (check && changed.length > 0) {
    console.log("Run 'npm run generate'.");
    process.exitCode = 1;
  }
}

import { describe, expect, it } from 'vitest';
import { architectureProblems, deadLinks, differences, importedBy, tableIn } from './architecture.ts';

describe('architecture', () => {
  it('[OPS-7] ARCHITECTURE.md is what the code is, and no link leads nowhere', () => {
    expect(architectureProblems()).toEqual([]);
  });

  it('[OPS-7] imports of other workspaces are found in every form', () => {
    const code = [
      "import { a } from '@isocenter/dicom/pixel';",
      "export type { B } from '@isocenter/contract';",
      "const c = await import('@isocenter/client');",
      "import '@isocenter/server';",
      "import { d } from './dicom.ts';",
    ].join('\n');
    expect(importedBy(code)).toEqual(['dicom', 'contract', 'client', 'server']);
  });

  it('[OPS-7] a table that differs from the code is told in each direction', () => {
    const said = tableIn('| `apps/cli` | `server`, `client` | the command |\n| `gone` | nothing | - |\n');
    const found = new Map([
      ['apps/cli', ['dicom', 'server']],
      ['bench', []],
    ]);
    expect(differences(said, found)).toEqual([
      'ARCHITECTURE.md names gone, which is no workspace.',
      "apps/cli imports dicom, which ARCHITECTURE.md doesn't allow it.",
      "ARCHITECTURE.md says that apps/cli imports client, and it doesn't.",
      'ARCHITECTURE.md has no row for bench.',
    ]);
  });

  it('[OPS-7] a link that leads nowhere is named, one in an example is not', () => {
    const text =
      '[a](../package.json#scripts) [b](gone.md) [c](https://example.org) <img src="d.png">\n```\n[e](f.md)\n```\n';
    expect(deadLinks('docs/page.md', text)).toEqual([
      "docs/page.md links to gone.md, which isn't there.",
      "docs/page.md links to d.png, which isn't there.",
    ]);
  });
});

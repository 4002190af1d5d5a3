import { styleText } from 'node:util';
import { type Environment, examine, type Finding } from '@isocenter/server';

const labels = { ok: styleText('green', 'OK  '), warn: styleText('yellow', 'WARN'), fail: styleText('red', 'FAIL') };

/** `isocenter doctor`: what is well, what isn't, and what to do. Exit code 1 when something keeps the server from working. */
export async function doctor(env: Environment, asJson: boolean): Promise<number> {
  const findings: Finding[] = [];
  for await (const finding of examine(env)) {
    findings.push(finding);
    if (!asJson) console.log(line(finding));
  }
  if (asJson) console.log(JSON.stringify(findings, null, 2));
  else console.log(conclusion(findings));
  return findings.some(({ status }) => status === 'fail') ? 1 : 0;
}

/** One line of the table; what to do stands below what is wrong. */
function line({ status, check, message, remedy }: Finding): string {
  const first = ` ${labels[status]}  ${check.padEnd(14)} ${message}`;
  return remedy === undefined ? first : `${first}\n${' '.repeat(22)}→ ${remedy}`;
}

function conclusion(findings: readonly Finding[]): string {
  const failed = findings.filter(({ status }) => status === 'fail').length;
  const warned = findings.filter(({ status }) => status === 'warn').length;
  if (failed > 0) return `\n${failed} of ${findings.length} checks failed.`;
  return warned > 0
    ? `\nIt will work; ${warned} of ${findings.length} checks have something to say.`
    : '\nAll is well.';
}

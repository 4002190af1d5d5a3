import { z } from 'zod';
import { ERROR_CODES, errors } from './errors.ts';
import { EVENT_TYPES, events } from './events.ts';
import { type Action, type Grant, type Permission, permissions, type Reach } from './permissions.ts';
import { ROLES, roleTitles } from './roles.ts';
import { TOKEN_SCOPES, tokenScopeTitles } from './token-scopes.ts';
import { TRACER_ACTIONS, type TracerKind, tracerActions, tracingOf } from './tracer-actions.ts';

// The reference pages that are made from the catalogues of this package.

/** docs/reference/errors.md */
export function renderErrors(): string {
  const rows = ERROR_CODES.toSorted((a, b) => errors[a].status - errors[b].status || (a < b ? -1 : 1)).map((code) => {
    const { status, title, params, remedy } = errors[code];
    const names = Object.keys(params.shape).map((name) => `\`${name}\``);
    return [`\`${code}\``, status, title, names.join(', ') || 'none', remedy];
  });
  return page(
    'Errors',
    'Every error is answered as `application/problem+json` (RFC 9457) with `type`, `title`, `status`, `detail`, and our own\n' +
      '`code` (stable, for programs), `params` (the facts of this occurrence), `remedy` and `requestId` (quote it when asking\nfor help).',
    table(['Code', 'Status', 'Title', 'Parameters', 'What to do'], rows),
  );
}

/** docs/reference/permissions.md */
export function renderPermissions(): string {
  const rows = (Object.entries(permissions) as [Action, Permission][]).map(([action, permission]) => [
    `\`${action}\``,
    permission.title,
    whoMay(permission.grant),
    scopeWords[permission.scope as 'any' | 'session'] ?? `\`${permission.scope}\``,
    permission.always ? 'yes' : '',
  ]);
  const body = [
    table(['Action', 'What it is', 'Who may, and how far', 'Tokens', 'Before terms'], rows),
    '',
    '## Roles',
    '',
    'Administrators and auditors have their role on the whole node. All other roles are given in a project, and where a right goes\n' +
      'as far as “their site”, for one site of it.',
    '',
    table(
      ['Role', 'What they do'],
      ROLES.map((role) => [role, roleTitles[role]]),
    ),
    '',
    '## Scopes of tokens',
    '',
    'A token can be limited to scopes. It never gives more than its owner’s roles do.',
    '',
    table(
      ['Scope', 'What for'],
      TOKEN_SCOPES.map((scope) => [`\`${scope}\``, tokenScopeTitles[scope]]),
    ),
  ];
  return page(
    'Permissions',
    'Every route names one action of this table; what no row grants is denied. Without credentials the answer is 401, without the\n' +
      'right 403, and 404 for what one has no right to see: it answers as if it did not exist, also in counts and errors.',
    body.join('\n'),
  );
}

const scopeWords: Readonly<Record<'any' | 'session', string>> = { any: 'any', session: 'none, only in the browser' };

function whoMay(grant: Grant): string {
  if (grant === 'public') return 'everyone';
  if (grant === 'signed-in') return 'every known caller, for what is their own';
  const entries = Object.entries(grant) as [string, Reach | readonly Reach[]][];
  return entries.map(([role, reaches]) => `${role}: ${[reaches].flat().map(reachWords).join(', ')}`).join('<br>');
}

function reachWords({ within, zones }: Reach): string {
  const where = { node: 'everything', project: 'their project', site: 'their site', grant: 'datasets granted to them' }[
    within
  ];
  return zones === undefined ? where : `${zones.join(' and ')} of ${where}`;
}

/** docs/reference/events.md */
export function renderEvents(): string {
  const rows = EVENT_TYPES.map((type) => {
    const { title, action, data } = events[type];
    const { properties = {} } = z.toJSONSchema(data, { unrepresentable: 'any' }) as {
      properties?: Record<string, unknown>;
    };
    return [
      `\`${type}\``,
      title,
      `\`${action}\``,
      Object.keys(properties)
        .map((name) => `\`${name}\``)
        .join(', '),
    ];
  });
  return page(
    'Events',
    '`GET /api/events` is a stream of server-sent events. Each has an `id`; a client that comes back with it in\n' +
      '`Last-Event-ID` gets what it missed, some perhaps twice. `reset` says that too much was missed: load everything anew.',
    table(['Event', 'When', 'Needs', 'Data'], rows),
  );
}

const tracerKinds: Readonly<Record<TracerKind, string>> = {
  change: 'in the transaction of the change',
  read: 'before the first byte is sent; once for each person, study and ten minutes',
  export: 'before the first byte is sent, and when it has ended',
  security: 'as it happens',
};

/** docs/reference/tracer-actions.md */
export function renderTracerActions(): string {
  const actions = TRACER_ACTIONS.map((action) => {
    const { title, kind, objects } = tracerActions[action];
    return [`\`${action}\``, title, objects.map((name) => `\`${name}\``).join(', ') || 'none', tracerKinds[kind]];
  });
  const rights = (Object.entries(tracingOf) as [Action, (typeof tracingOf)[Action]][]).map(([action, tracing]) => [
    `\`${action}\``,
    'nothing' in tracing ? '' : tracing.map((name) => `\`${name}\``).join(', '),
    'nothing' in tracing ? tracing.nothing : '',
  ]);
  return page(
    'Actions that the tracer records',
    'An entry says who did what with which objects, and whether it was done, denied or failed. Identifiers of studies, series,\n' +
      'instances and addresses are in it as hashes that only the node can make.',
    `${table(['Action', 'What happened', 'Objects', 'Recorded'], actions)}\n\n## By right\n\n${table(['Right', 'Recorded as', 'Why not'], rights)}`,
  );
}

function page(title: string, intro: string, body: string): string {
  return `# ${title}\n\nMade by \`npm run generate\` from packages/contract; do not edit.\n\n${intro}\n\n${body}\n`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

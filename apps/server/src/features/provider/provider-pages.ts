import type { Client, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

/**
 * What the provider shows itself. Its pages are the web application's, which asks for what it needs as JSON; here stand
 * the ways there.
 */
const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
  `<meta name="viewport" content="width=device-width"></head><body><main>${body}</main></body></html>`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** An error that has no page of a client to go back to. */
export function renderProblem(ctx: KoaContextWithOIDC, out: ErrorOut): void {
  ctx.type = 'html';
  ctx.body = page(
    'Sign in',
    `<h1>The sign-in can’t go on</h1><p>${escaped(out.error_description ?? out.error)}</p><p><a href="/">Begin again</a></p>`,
  );
}

/** The form ends the provider's session; the script sends it at once, the button is for who runs none. */
export function renderSignOut(ctx: KoaContextWithOIDC, form: string): void {
  ctx.type = 'html';
  ctx.body = page(
    'Sign out',
    `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>` +
      '<script src="/submit-sign-out.js"></script>',
  );
}

interface Confirm {
  readonly client: Client;
  readonly code: string;
}

/** The page of the device flow: a browser gets the application, which asks again for JSON. */
export async function renderDevicePage(
  ctx: KoaContextWithOIDC,
  confirm: Confirm | string,
  out?: ErrorOut,
  error?: Error & { readonly userCode?: string },
): Promise<void> {
  if (ctx.accepts('json', 'html') !== 'json') {
    ctx.redirect('/device');
    return;
  }
  const { state } = ctx.oidc.session ?? {};
  ctx.status = 200;
  ctx.body = {
    xsrf: (state as { secret?: string } | undefined)?.secret ?? null,
    confirm:
      typeof confirm === 'string'
        ? null
        : { client: confirm.client.clientName ?? confirm.client.clientId, code: confirm.code },
    problem: error?.name ?? out?.error ?? null,
  };
}

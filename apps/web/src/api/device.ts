import { Problem } from './problem.ts';

const path = '/oidc/device';

/** What the embedded provider says of the device flow (RFC 8628) to this page. */
export interface DeviceState {
  /** Proves that the form comes from this page. */
  readonly xsrf: string | null;
  readonly confirm: { readonly client: string; readonly code: string } | null;
  readonly problem: string | null;
}

export interface DeviceStep {
  readonly state: DeviceState | null;
  /** Where the browser was led instead: to sign in, or to the end. */
  readonly to: string | null;
}

/** One step: the code, then whether it is really that of the device before one. */
export async function stepOfDevice(code: string, answer?: 'yes' | 'no'): Promise<DeviceStep> {
  const { xsrf } = await read(await ask({}));
  const fields = new URLSearchParams({ xsrf: xsrf ?? '', user_code: code });
  if (answer === 'yes') fields.set('confirm', 'yes');
  if (answer === 'no') fields.set('abort', 'yes');
  const response = await ask({ method: 'POST', body: fields });
  const at = new URL(response.url);
  if (at.pathname !== path) return { state: null, to: `${at.pathname}${at.search}` };
  return { state: await read(response), to: null };
}

async function ask(init: RequestInit): Promise<Response> {
  try {
    // Redirects are followed: where they end says what comes next.
    return await fetch(path, { ...init, headers: { accept: 'application/json, text/html;q=0.1' } });
  } catch {
    throw Problem.network();
  }
}

async function read(response: Response): Promise<DeviceState> {
  const text = await response.text();
  const state = stateOf(text);
  if (state === null) throw Problem.from(response.status, text, response.headers.get('x-request-id'));
  return state;
}

function stateOf(text: string): DeviceState | null {
  try {
    const state = JSON.parse(text) as Partial<DeviceState> | null;
    return state !== null && 'xsrf' in state && 'confirm' in state && 'problem' in state
      ? (state as DeviceState)
      : null;
  } catch {
    return null;
  }
}

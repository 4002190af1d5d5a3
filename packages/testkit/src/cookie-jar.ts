/** A browser without a screen: keeps cookies for one origin by name and path, and follows nothing by itself. */
export class CookieJar {
  readonly origin: string;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(origin: string) {
    this.origin = origin;
  }

  /** Calls the server as a page of its own would. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const headers = new Headers(init.headers);
    const cookies = [...this.#cookies].filter(([, { path: of }]) => isBelow(url.pathname, of));
    if (cookies.length > 0 && !headers.has('cookie'))
      headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie, url.pathname);
    return answer;
  }

  /** Sends JSON. */
  post(path: string, body: unknown, method = 'POST'): Promise<Response> {
    return this.fetch(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  /** Follows redirects within the origin to their end. Answers the last answer and where it came from. */
  async follow(path: string): Promise<{ answer: Response; at: URL }> {
    let at = new URL(path, this.origin);
    for (let steps = 0; steps < 20; steps++) {
      const answer = await this.fetch(at.href, { headers: { accept: 'text/html' } });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return { answer, at };
      await answer.arrayBuffer();
      at = new URL(location, at);
      if (at.origin !== this.origin) return { answer, at };
    }
    throw new Error(`Too many redirects, the last to ${at.href}`);
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name)?.value;
  }

  set(name: string, value: string): void {
    this.#cookies.set(name, { value, path: '/' });
  }

  #keep(cookie: string, from: string): void {
    const [pair = '', ...attributes] = cookie.split(/; */);
    const at = pair.indexOf('=');
    const attribute = (name: string): string | undefined =>
      attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const gone =
      value === '' || attribute('max-age') === '0' || new Date(attribute('expires') ?? Infinity).getTime() < Date.now();
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path: attribute('path') ?? from.replace(/\/[^/]*$/, '/') });
  }
}

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

import { existsSync } from 'node:fs';
import type { TestServer } from '@isocenter/testkit';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const executables = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executable = process.env.ISOCENTER_TEST_CHROMIUM ?? executables.find((path) => existsSync(path));

/** For `needs`: why no page can be looked at; undefined when one can. */
export const browserMissing: string | undefined = executable ? undefined : 'Chromium is not installed';

/** WebGL by software: test machines have no graphics card. */
const flags = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

export interface Visit {
  readonly path?: string;
  readonly signedIn?: boolean;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Also runs scripts that our pages would not: for programs of others. */
  readonly anyScript?: boolean;
}

export interface TestBrowser {
  /** A page of its own, signed in unless told otherwise. Closed after the test. */
  visit(options?: Visit): Promise<Page>;
}

/** One browser for a test file. A test fails when one of its pages threw an error. */
export function testBrowser(server: Omit<TestServer, 'stop'>): TestBrowser {
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let thrown: Error[] = [];
  beforeAll(async () => {
    if (executable) browser = await chromium.launch({ executablePath: executable, args: flags });
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    const errors = thrown;
    contexts = [];
    thrown = [];
    expect(errors, 'errors that pages threw').toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    visit: async (options = {}) => {
      const { path = '/', signedIn = true, scheme = 'light', width = 1440, height = 900, anyScript = false } = options;
      if (!browser) throw new Error('There is no browser');
      const context = await browser.newContext({
        baseURL: server.url,
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        bypassCSP: anyScript,
      });
      context.setDefaultTimeout(30_000);
      contexts.push(context);
      if (signedIn) await context.request.post('/api/session', { data: { token: server.token } });
      const page = await context.newPage();
      page.on('pageerror', (error) => thrown.push(error));
      await page.goto(path);
      return page;
    },
  };
}

/** What stands in the address after the question mark. */
export function searchOf(page: Page): Record<string, string> {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

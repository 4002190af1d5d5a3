import { CookieJar, makePerson, makeProject, type PersonToMake, signInAs, testServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, searchOf, testBrowser } from './browser.ts';
import { choose, press, tabTo, type } from './keyboard.ts';

needs(browserMissing);

const server = testServer();
const browser = testBrowser(server);
const password = 'granite teapot lantern';
const another = 'umbrella quartz violin';

let made = 0;
const someone = (person: Omit<PersonToMake, 'name'> = {}) =>
  makePerson(server.database, { name: `Person ${++made}`, password, ...person });

/** A page of someone who has an account, without going through the sign-in page. */
async function visitAs(who: { email: string }, path: string, at = { server, browser }): Promise<Page> {
  const page = await at.browser.visit({ path: '/register', signedIn: false });
  const jar = new CookieJar(at.server.url);
  await signInAs(jar, { email: who.email, password });
  const value = jar.get('isocenter_session') ?? '';
  await page.context().addCookies([{ name: 'isocenter_session', value, url: at.server.url }]);
  await page.goto(path);
  return page;
}

const account = (page: Page) => page.getByRole('button', { name: /^Account/ });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();

/** Types on the sign-in page; the address field has the focus when it comes. */
async function enter(page: Page, email: string, secret: string): Promise<void> {
  await heading(page, 'Sign in');
  await type(page, 'E-mail address', email);
  await type(page, 'Password', secret);
  await page.keyboard.press('Enter');
}

/** What an authenticator shows, now or some steps later. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: secret.replaceAll(' ', '') }).generate({ timestamp: Date.now() + steps * 30_000 });

test('[IAM-1, IAM-3, UI-7] from asking for an account to signing out everywhere, by keyboard alone', async () => {
  const email = 'wanda@example.org';
  const page = await browser.visit({ path: '/tracer?outcome=done', signedIn: false });

  // Asking for an account.
  await press(page, link(page, 'Ask for an account'));
  await heading(page, 'Ask for an account');
  await type(page, 'Name', 'Wanda Waiting');
  await type(page, 'E-mail address', email);
  await type(page, 'Organisation', 'Example Hospital');
  await type(page, 'What you want to do here', 'Annotating for my thesis');
  await type(page, 'Password', 'too short');
  await page.getByText('3 more characters').waitFor();
  expect(await button(page, 'Ask for an account').isDisabled()).toBe(true);
  await type(page, 'Password', password);
  await page.getByText('Long enough').waitFor();
  await press(page, button(page, 'Ask for an account'));
  await page.getByText('An administrator now decides on your account').waitFor();

  // Too early: it says so.
  await press(page, link(page, 'Back to sign in'));
  await enter(page, email, password);
  await page.getByRole('alert').getByText('The account waits for approval').waitFor();

  // An administrator finds them at home and lets them in.
  const admin = await browser.visit();
  await press(admin, link(admin, 'Decide about Wanda Waiting'));
  await heading(admin, 'Wanda Waiting');
  await admin.getByText('They wrote: Example Hospital').waitFor();
  await press(admin, button(admin, 'Let in'));
  await admin.getByText('Wanda Waiting can sign in now.').waitFor();

  // Signing in leads to the page whose address was asked for.
  await page.goto('/tracer?outcome=done');
  await enter(page, email, password);
  await heading(page, 'Tracer');
  expect(searchOf(page)).toEqual({ outcome: 'done' });

  // The second factor.
  await choose(page, account(page), 'Your account');
  await heading(page, 'Your account');
  await press(page, button(page, 'Set up a second factor'));
  await type(page, 'Your present password', 'not my password at all');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This is not your password.').waitFor();
  await type(page, 'Your present password', password);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'QR code for your authenticator' }).waitFor();
  const secret = await page.getByLabel('Secret to type', { exact: true }).inputValue();
  await type(page, 'Code that the authenticator shows', codeOf(secret));
  await page.keyboard.press('Enter');
  await button(page, 'I have kept them').waitFor();
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  await press(page, button(page, 'I have kept them'));
  await page.getByText('10 recovery codes are left.').waitFor();

  // Out, and in again with a code.
  await choose(page, account(page), 'Sign out');
  await enter(page, email, password);
  await type(page, 'Code of the second factor', '000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The code is not right').waitFor();
  await type(page, 'Code of the second factor', codeOf(secret, 1));
  await page.keyboard.press('Enter');
  await heading(page, 'Home');

  // A link for a new password, made by the administrator.
  await press(admin, button(admin, 'Link for a new password'));
  const address = await admin.getByLabel('Link', { exact: true }).inputValue();
  await press(admin, button(admin, 'Done'));
  await page.goto('about:blank');
  await page.goto(address);
  await heading(page, 'Choose a new password');
  await type(page, 'New password', another);
  await page.keyboard.press('Enter');
  await page.getByText('The password is set.').waitFor();
  await press(page, link(page, 'Sign in'));
  await enter(page, email, another);
  await type(page, 'Code of the second factor', codes[0] ?? '');
  await page.keyboard.press('Enter');
  await heading(page, 'Home');
  await page.goto(address);
  await heading(page, 'The link does not work');

  // Everywhere at once.
  const elsewhere = await browser.visit({ signedIn: false });
  await enter(elsewhere, email, another);
  await type(elsewhere, 'Code of the second factor', codes[1] ?? '');
  await elsewhere.keyboard.press('Enter');
  await heading(elsewhere, 'Home');
  await page.goto('/account');
  await page.getByText('8 recovery codes are left.').waitFor();
  await page.getByRole('list', { name: 'Where you are signed in' }).getByText('This browser').waitFor();
  await press(page, button(page, 'Sign out everywhere'));
  await heading(page, 'Sign in');
  await elsewhere.reload();
  await heading(elsewhere, 'Sign in');
}, 120_000);

test('[UI-1] a wrong password is said in words and loses nothing that was typed', async () => {
  const { email } = await someone();
  const page = await browser.visit({ signedIn: false });
  await enter(page, email, 'not the password at all');
  await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
  expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
  await type(page, 'Password', password);
  await page.keyboard.press('Enter');
  await heading(page, 'Home');
});

test('[UI-1] of two windows that show the sign-in page, either lets one in', async () => {
  const { email } = await someone();
  const first = await browser.visit({ path: '/tracer', signedIn: false });
  await first.getByLabel('E-mail address').waitFor();
  const second = await first.context().newPage();
  await second.goto('/account');
  await second.getByLabel('E-mail address').waitFor();
  await second.waitForLoadState('networkidle');
  await first.bringToFront();
  await enter(first, email, password);
  await heading(first, 'Tracer');
  await second.reload();
  await heading(second, 'Your account');
});

test('[UI-1] what went wrong at the provider is told once, with the way to begin again', async () => {
  const page = await browser.visit({ path: '/sign-in?problem=account-closed', signedIn: false });
  await page.getByRole('alert').getByText('The account is closed').waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail address').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.goto('/sign-in?interaction=of-another-browser');
  await page.getByRole('alert').getByText('The sign-in took too long').waitFor();
});

test('[IAM-2] a program without a browser is let in by a code, after whoever it is has seen what it asks', async () => {
  const { email } = await someone();
  const form = (path: string, fields: Record<string, string>) =>
    fetch(new URL(path, server.url), { method: 'POST', body: new URLSearchParams(fields) });
  const begun = await form('/oidc/device/auth', { client_id: 'isocenter-cli', scope: 'openid account' });
  const device = (await begun.json()) as { device_code: string; user_code: string };
  const page = await browser.visit({ path: '/device', signedIn: false });
  await type(page, 'Code', 'ABCD-EFGH');
  await page.keyboard.press('Enter');
  await page.getByText('There is no such code.').waitFor();
  await type(page, 'Code', device.user_code);
  await page.keyboard.press('Enter');
  await heading(page, 'Is this your program?');
  await page.getByText(device.user_code).waitFor();
  await press(page, button(page, 'Allow it'));
  await page.getByText('let the command line act in your name').waitFor();
  await enter(page, email, password);
  await heading(page, 'The program is connected');
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const answer = await form('/oidc/token', {
    client_id: 'isocenter-cli',
    grant_type,
    device_code: device.device_code,
  });
  expect(await answer.json()).toMatchObject({ token_type: 'Bearer' });
});

test('[IAM-2, UI-9] an access token is shown once, works, and is worthless once it is revoked', async () => {
  const page = await visitAs(await someone(), '/account');
  await press(page, button(page, 'New access token'));
  await type(page, 'Name', 'nightly export');
  const scope = page.getByRole('checkbox', { name: 'Your own account: notifications, live events, tokens' });
  await scope.focus();
  await page.keyboard.press('Space');
  await press(page, button(page, 'Make the token'));
  const token = await page.getByLabel('Token', { exact: true }).inputValue();
  await press(page, button(page, 'Done'));
  const call = () => fetch(new URL('/api/me', server.url), { headers: { authorization: `Bearer ${token}` } });
  expect((await call()).status).toBe(200);
  await page.reload();
  await page.getByText('nightly export').waitFor();
  expect(await page.content()).not.toContain(token);
  await press(page, button(page, 'Revoke nightly export'));
  await type(page, 'Type “revoke” to go on', 'revoke');
  await page.keyboard.press('Enter');
  await button(page, 'Revoke nightly export').waitFor({ state: 'detached' });
  expect((await call()).status).toBe(401);
});

describe('[IAM-4, UI-4] pages show what a role may, and nothing else', () => {
  const rails: Record<string, string[]> = {};
  const people: Record<string, { email: string }> = {};
  beforeAll(async () => {
    const project = await makeProject(server.database, 'lung', ['north', 'south']);
    const { north } = project.sites;
    const inProject = (role: NonNullable<PersonToMake['roles']>[number]['role'], site?: typeof north) =>
      someone({ roles: [{ project: project.id, role, ...(site && { site }) }] });
    people.administrator = await someone({ nodeRoles: ['administrator'] });
    people.auditor = await someone({ nodeRoles: ['auditor'] });
    people['data-collector'] = await inProject('data-collector', north);
    people.researcher = await inProject('researcher');
    people.nobody = await someone();
  });
  const administration = ['People', 'Organisations', 'Projects', 'Nodes', 'Terms of use', 'Permissions'];
  rails.administrator = ['Home', 'Studies', 'Upload', 'Jobs', 'Tracer', ...administration, 'Status'];
  rails.auditor = ['Home', 'Tracer', ...administration];
  rails['data-collector'] = ['Home', 'Studies', 'Upload', 'Tracer', 'Projects'];
  rails.researcher = ['Home', 'Studies', 'Tracer', 'Projects'];
  rails.nobody = ['Home', 'Tracer'];

  test.each(Object.entries(rails))('the rail of %s', async (role, areas) => {
    const page = await visitAs(people[role]!, '/');
    const rail = page.getByRole('navigation', { name: 'Areas' });
    await rail.getByRole('link', { name: 'Home' }).waitFor();
    expect((await rail.getByRole('link').allInnerTexts()).map((name) => name.trim())).toEqual(areas);
  });

  test('an auditor reads everything and can change nothing', async () => {
    const page = await visitAs(people.auditor!, '/admin/people');
    await page.getByRole('row').nth(1).waitFor();
    for (const path of ['/admin/people', '/admin/organisations', '/admin/projects', '/admin/nodes', '/admin/terms']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const main = page.getByRole('main');
      await main.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
      expect(await main.getByRole('button', { name: /invite|add|begin|let a node|write|remove|rename/i }).count()).toBe(
        0,
      );
    }
    await page.goto('/admin/people');
    await page.getByRole('link', { name: 'Person' }).first().click();
    await page.getByText('Roles in projects').waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect(await page.getByRole('main').getByRole('checkbox').count()).toBe(0);
  });

  test('a page that one has no right to says so, and whom to ask', async () => {
    const page = await visitAs(people['data-collector']!, '/admin/people');
    await page.getByRole('alert').getByText('You have no right to see this').waitFor();
    await page.getByText('Ask an administrator').waitFor();
    await page.goto('/admin/permissions');
    await page.getByRole('alert').getByText('You have no right to see this').waitFor();
    expect(await page.getByText('study.read').count()).toBe(0);
  });

  test('a data collector sees where files go, and their role in the account menu', async () => {
    const page = await visitAs(people['data-collector']!, '/upload');
    await page.getByText('Project lung, Site north').waitFor();
    await account(page).click();
    const menu = page.getByRole('menu');
    await menu.getByText('Project lung').waitFor();
    await menu.getByText('Data collector, Site north').waitFor();
  });

  test('the matrix says how far each role goes', async () => {
    const page = await visitAs(people.auditor!, '/admin/permissions');
    const row = page.getByRole('row', { name: /Store instances/ });
    await row.waitFor();
    const cells = await row.getByRole('cell').allInnerTexts();
    const heads = await page.getByRole('columnheader').allInnerTexts();
    const at = (role: string) => cells[heads.indexOf(role) - 1]?.split('\n').filter(Boolean);
    expect(at('Administrator')).toEqual(['All']);
    expect(at('Auditor')).toEqual(['–']);
    expect(at('Data collector')).toEqual(['Site', 'Identified']);
    expect(at('Data curator')).toEqual(['Site', 'Identified', 'Pseudonymised']);
  });
});

test('[IAM-3, IAM-4] someone is invited, gets a role at a site, and stores there', async () => {
  const admin = await browser.visit({ path: '/admin/organisations' });
  await press(admin, button(admin, 'Add organisation'));
  await type(admin, 'Name', 'Lakeside Hospital');
  await finish(admin, 'Add');
  await press(admin, button(admin, 'Add site to Lakeside Hospital'));
  await type(admin, 'Name', 'Lakeside Radiology');
  expect(await admin.getByLabel('Code', { exact: true }).inputValue()).toBe('lakeside-radiology');
  await finish(admin, 'Add');

  await admin.goto('/admin/projects');
  await press(admin, button(admin, 'Begin a project'));
  await type(admin, 'Name', 'Knee study');
  await finish(admin, 'Begin a project');
  await heading(admin, 'Knee study');
  await admin.getByLabel('Site', { exact: true }).selectOption({ label: 'Lakeside Radiology' });
  await press(admin, button(admin, 'Let it take part'));
  await button(admin, 'Remove Lakeside Radiology').waitFor();

  await admin.goto('/admin/people');
  await press(admin, button(admin, 'Invite someone'));
  await type(admin, 'Name', 'Ines Invited');
  await type(admin, 'E-mail address', 'ines@example.org');
  await press(admin, button(admin, 'Make the invitation'));
  const address = await admin.getByLabel('Link', { exact: true }).inputValue();
  await press(admin, button(admin, 'Done'));

  const invited = await browser.visit({ path: address, signedIn: false });
  await heading(invited, 'You are invited');
  await type(invited, 'New password', password);
  await invited.keyboard.press('Enter');
  await press(invited, link(invited, 'Sign in'));
  await enter(invited, 'ines@example.org', password);
  await heading(invited, 'Home');

  await admin.goto('/admin/projects');
  await press(admin, link(admin, 'Knee study'));
  await press(admin, button(admin, 'Give a role'));
  await tabTo(admin, admin.getByRole('combobox', { name: 'Person' }));
  await admin.keyboard.type('Ines');
  await admin.getByRole('option', { name: /Ines Invited/ }).waitFor();
  await admin.keyboard.press('ArrowDown');
  await admin.keyboard.press('Enter');
  const dialog = admin.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Give a role' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Site', { exact: true }).selectOption({ label: 'Lakeside Radiology' });
  await press(admin, dialog.getByRole('button', { name: 'Give a role' }));
  await admin.getByRole('list', { name: 'Data collector' }).getByText('Ines Invited').waitFor();

  await invited.goto('/upload');
  await invited.getByText('Knee study, Lakeside Radiology').waitFor();

  // Taken back, and undone.
  await press(admin, button(admin, 'Remove Ines Invited as Data collector'));
  await admin.getByText('Nobody has a role in it yet.').waitFor();
  await admin.getByRole('button', { name: 'Undo' }).click();
  await admin.getByRole('list', { name: 'Data collector' }).getByText('Ines Invited').waitFor();
});

/** Presses the button of the dialog and waits until that is closed. */
async function finish(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await press(page, dialog.getByRole('button', { name, exact: true }));
  await dialog.waitFor({ state: 'detached' });
}

describe('what comes before everything else', () => {
  const strict = testServer({ ISOCENTER_SECOND_FACTOR: 'administrators' });
  const strictBrowser = testBrowser(strict);

  test('[IAM-7] terms have to be accepted, in each new version', async () => {
    const person = await makePerson(strict.database, { name: 'Tess', password });
    const admin = await strictBrowser.visit({ path: '/admin/terms' });
    await press(admin, button(admin, 'Write terms'));
    await type(admin, 'Text of the terms', 'Be kind.');
    await press(admin, button(admin, 'Publish the new version…'));
    await type(admin, 'Type “publish” to go on', 'publish');
    await admin.keyboard.press('Enter');
    await admin.getByText('Version 1 is published.').waitFor();

    const page = await visitAs(person, '/tracer', { server: strict, browser: strictBrowser });
    await heading(page, 'Terms of use');
    await page.getByText('Be kind.').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await press(page, button(page, 'Accept'));
    await heading(page, 'Tracer');
    await page.goto('/account');
    await page.getByText('Version 1, accepted').waitFor();

    await press(admin, button(admin, 'Write a new version'));
    await type(admin, 'Text of the terms', 'Be kind and careful.');
    await press(admin, button(admin, 'Publish the new version…'));
    await type(admin, 'Type “publish” to go on', 'publish');
    await admin.keyboard.press('Enter');
    await admin.getByText('Version 2 is published.').waitFor();
    // On a page that was open before.
    await page.getByRole('link', { name: 'Tracer' }).click();
    await page.getByText('Be kind and careful.').waitFor();
    await press(page, button(page, 'Accept'));
    await heading(page, 'Tracer');
  });

  test('[IAM-1] an administrator sets up a second factor first, where the node asks for that', async () => {
    const person = await makePerson(strict.database, { name: 'Sven', password, nodeRoles: ['administrator'] });
    const page = await visitAs(person, '/admin/people', { server: strict, browser: strictBrowser });
    await press(page, button(page, 'Accept'));
    await heading(page, 'Set up a second factor');
    await type(page, 'Your present password', password);
    await page.keyboard.press('Enter');
    const secret = await page.getByLabel('Secret to type', { exact: true }).inputValue();
    await type(page, 'Code that the authenticator shows', codeOf(secret));
    await page.keyboard.press('Enter');
    await press(page, button(page, 'I have kept them'));
    await heading(page, 'People');
  });
});

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The farthest that anything may be from where one is. */
const farthest = 120;

/** Walks with the Tab key until the focus is there, as someone without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let steps = 0; steps < farthest; steps++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key doesn't lead to ${target}`);
}

/** The same, and presses it. */
export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** Types into the field that has the focus, and makes sure that it is the one that is meant. */
export async function type(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await tabTo(page, field);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
  expect(await field.inputValue()).toBe(text);
}

/** Opens a menu and presses one of its items, by the arrow keys. */
export async function choose(page: Page, button: Locator, item: string): Promise<void> {
  await press(page, button);
  const target = page.getByRole('menuitem', { name: item, exact: true });
  await target.waitFor();
  for (let steps = 0; steps < 20 && !(await hasFocus(target)); steps++) await page.keyboard.press('ArrowDown');
  expect(await hasFocus(target), item).toBe(true);
  await page.keyboard.press('Enter');
}

const hasFocus = (target: Locator): Promise<boolean> => target.evaluate((node) => node === document.activeElement);

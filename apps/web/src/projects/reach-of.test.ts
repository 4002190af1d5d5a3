import { expect, test } from 'vitest';
import { reachOf } from './reach-of.ts';

test('[IAM-4] a site is asked for where the rights of a role end there', () => {
  expect(reachOf('data-collector')).toBe('site');
  expect(reachOf('data-curator')).toBe('site');
  expect(reachOf('data-manager')).toBe('either');
  expect(reachOf('annotator')).toBe('project');
  expect(reachOf('access-committee-member')).toBe('project');
});

import { expect, test } from 'vitest';
import { type Action, decide, isAction, type Permission, permissions, type Rights } from './permissions.ts';

const all = Object.entries(permissions) as [Action, Permission][];
const nobody: Rights = { roles: [], zones: [] };
const administrator: Rights = { roles: ['administrator'], zones: ['landing'] };

test('[OPS-6] what is not public is unknown to who is not known', () => {
  for (const [action, { grant }] of all) {
    expect([action, decide(undefined, action)]).toEqual([action, grant === 'public' ? 'allowed' : 'unknown']);
  }
});

test('[OPS-6] who has no role may do what is public or their own', () => {
  for (const [action, { grant }] of all) {
    expect([action, decide(nobody, action)]).toEqual([action, typeof grant === 'string' ? 'allowed' : 'forbidden']);
  }
});

test('[OPS-6] a zone that is not the caller’s stays hidden, and only for who has the right at all', () => {
  expect(decide(administrator, 'study.read', { zone: 'landing' })).toBe('allowed');
  expect(decide(administrator, 'study.read', { zone: 'repository' })).toBe('hidden');
  expect(decide(nobody, 'study.read', { zone: 'repository' })).toBe('forbidden');
  expect(decide(undefined, 'study.read', { zone: 'repository' })).toBe('unknown');
  expect(decide(administrator, 'job.read', { zone: 'repository' })).toBe('allowed');
});

test('[OPS-6] nothing inherited counts as an action', () => {
  expect(isAction('study.read')).toBe(true);
  for (const name of ['toString', '__proto__', 'constructor', '', undefined, 7]) expect(isAction(name)).toBe(false);
});

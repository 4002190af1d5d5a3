import { expect, test } from 'vitest';
import type { ProjectId, SiteId } from './ids.ts';
import { type Action, isAction, type Permission, permissions } from './permissions.ts';
import { decide, type Holding, type Resource, type Rights, rolesOf } from './policy.ts';
import { PROJECT_ROLES, ROLES, type Role } from './roles.ts';
import type { Zone } from './zones.ts';

const all = Object.entries(permissions) as [Action, Permission][];
const [prostate, chest] = ['prostate', 'chest'] as ProjectId[];
const [north, south] = ['north', 'south'] as SiteId[];

const holding = (role: Role, project: ProjectId | null = null, site: SiteId | null = null): Holding => ({
  role,
  project,
  site,
});
const caller = (...holdings: Holding[]): Rights => ({ holdings });
const nobody = caller();
const administrator = caller(holding('administrator'));
const at = (zone: Zone, project: ProjectId | null = prostate!, site: SiteId | null = north!): Resource => ({
  zone,
  project,
  site,
});

test('[IAM-4, OPS-6] what is not public is unknown to who is not known', () => {
  for (const [action, { grant }] of all) {
    expect([action, decide(undefined, action)]).toEqual([action, grant === 'public' ? 'allowed' : 'unknown']);
  }
});

test('[IAM-4] who has no role may do what is public or their own', () => {
  for (const [action, { grant }] of all) {
    expect([action, decide(nobody, action)]).toEqual([action, typeof grant === 'string' ? 'allowed' : 'forbidden']);
  }
});

test('[IAM-4] a role may do what its row says, and what no row says is denied', () => {
  for (const role of ROLES) {
    const someone = caller(holding(role, prostate, north));
    for (const [action, { grant }] of all) {
      const named = typeof grant === 'string' || Object.hasOwn(grant, role);
      expect([role, action, decide(someone, action)]).toEqual([role, action, named ? 'allowed' : 'forbidden']);
    }
  }
});

test('[IAM-4] collectors see identified data of their own site only', () => {
  const collector = caller(holding('data-collector', prostate, north));
  expect(decide(collector, 'study.read', at('landing'))).toBe('allowed');
  expect(decide(collector, 'instance.store', at('landing'))).toBe('allowed');
  for (const elsewhere of [
    at('staging'),
    at('repository'),
    at('landing', prostate, south),
    at('landing', chest, north),
    at('landing', null, null),
    { zone: 'landing', project: prostate, site: null } as Resource,
  ]) {
    expect([elsewhere, decide(collector, 'study.read', elsewhere)]).toEqual([elsewhere, 'hidden']);
  }
  expect(decide(collector, 'study.delete', at('landing'))).toBe('forbidden');
  expect(decide(caller(holding('data-collector', prostate)), 'study.read', at('landing'))).toBe('hidden');
});

test('[IAM-4] data managers see a project’s pseudonymised data of all sites, identified ones of their own', () => {
  const manager = caller(holding('data-manager', prostate, north));
  expect(decide(manager, 'study.read', at('landing'))).toBe('allowed');
  expect(decide(manager, 'study.read', at('landing', prostate, south))).toBe('hidden');
  expect(decide(manager, 'study.read', at('staging', prostate, south))).toBe('allowed');
  expect(decide(manager, 'study.delete', at('repository'))).toBe('hidden');
  expect(decide(manager, 'study.read', at('staging', chest, south))).toBe('hidden');
});

test('[IAM-4] what belongs to no site is the administrator’s only', () => {
  expect(decide(administrator, 'study.read', at('landing', null, null))).toBe('allowed');
  for (const role of PROJECT_ROLES) {
    expect(decide(caller(holding(role, prostate, north)), 'study.read', at('staging', null, null))).not.toBe('allowed');
  }
});

test('[IAM-4] roles add up, and none reaches into another project', () => {
  const two = caller(holding('data-collector', prostate, north), holding('annotator', chest));
  expect(decide(two, 'study.read', at('landing'))).toBe('allowed');
  expect(decide(two, 'study.read', at('staging', chest, south))).toBe('allowed');
  expect(decide(two, 'study.read', at('staging'))).toBe('hidden');
  expect(decide(two, 'study.read', at('landing', chest, north))).toBe('hidden');
  expect(rolesOf(two)).toEqual(['data-collector', 'annotator']);
});

test('[IAM-6] a grant opens a dataset to whom it was made, until it ends', () => {
  const researcher = { ...caller(holding('researcher', prostate)), grants: [{ dataset: 'd-1', until: 1000 }] };
  const inDataset = (dataset: string): Resource => ({ ...at('repository'), dataset });
  expect(decide(researcher, 'instance.read', inDataset('d-1'), 999)).toBe('allowed');
  expect(decide(researcher, 'instance.read', inDataset('d-1'), 1000)).toBe('hidden');
  expect(decide(researcher, 'instance.read', inDataset('d-1'))).toBe('hidden');
  expect(decide(researcher, 'instance.read', inDataset('d-2'), 999)).toBe('hidden');
  expect(decide(researcher, 'instance.read', at('repository'), 999)).toBe('hidden');
  expect(decide(researcher, 'instance.read', { ...inDataset('d-1'), zone: 'staging' }, 999)).toBe('hidden');
});

test('[IAM-2] a token does what its scopes say, and never more than its owner may', () => {
  const reading: Rights = { ...administrator, scopes: ['archive:read'] };
  expect(decide(reading, 'study.read')).toBe('allowed');
  expect(decide(reading, 'session.read')).toBe('allowed');
  expect(decide(reading, 'study.delete')).toBe('forbidden');
  expect(decide(reading, 'session.end')).toBe('forbidden');
  expect(decide({ ...nobody, scopes: ['archive:read'] }, 'study.read')).toBe('forbidden');
  expect(decide({ ...administrator, scopes: [] }, 'study.read')).toBe('forbidden');
});

test('[IAM-7] until the terms are accepted one may do what comes before', () => {
  const obliged: Rights = { ...administrator, obligations: ['terms'] };
  for (const [action, { grant, always }] of all) {
    const expected = grant === 'public' || always ? 'allowed' : 'obliged';
    expect([action, decide(obliged, action)]).toEqual([action, expected]);
  }
});

test('[OPS-6] nothing inherited counts as an action', () => {
  expect(isAction('study.read')).toBe(true);
  for (const name of ['toString', '__proto__', 'constructor', '', undefined, 7]) expect(isAction(name)).toBe(false);
});

import { ACTIONS } from '@isocenter/contract';
import { expect, test } from 'vitest';
import { actionGroups } from './action-groups.ts';

test('[IAM-4] every action of the policy is shown once', () => {
  const shown = actionGroups(ACTIONS).flatMap(({ actions }) => actions);
  expect(shown.toSorted()).toEqual(ACTIONS.toSorted());
});

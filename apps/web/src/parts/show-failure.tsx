import { notifications } from '@mantine/notifications';
import { problemOf } from '../api/problem.ts';
import { t } from '../text/t.ts';

/** Says in a corner that an action failed, why, and which id to quote. */
export function showFailure(error: Error): void {
  const problem = problemOf(error);
  const offline = problem?.status === 0;
  notifications.show({
    color: 'red',
    title: offline ? t('error.network.title') : problem?.title || t('error.action'),
    message: (
      <>
        {offline ? t('error.network.what') : problem?.detail || problem?.remedy || error.message}
        {problem?.requestId && (
          <>
            <br />
            {t('error.requestId')} {problem.requestId}
          </>
        )}
      </>
    ),
    autoClose: 12_000,
    withBorder: true,
  });
}

import { Code } from '@mantine/core';
import { problemOf } from '../api/problem.ts';
import { t } from '../text/t.ts';
import { Callout } from './callout.tsx';

interface ProblemAlertProps {
  readonly error: Error | null;
  /** Better words for a code, where the page knows more than the server. */
  readonly words?: Readonly<Record<string, string>>;
}

/** Beside what failed: what happened and what to do about it. Nothing while nothing failed. */
export function ProblemAlert({ error, words = {} }: ProblemAlertProps) {
  if (!error) return null;
  const problem = problemOf(error);
  const { title, what, todo } = wordsOf(error, words);
  const serious = problem === null || problem.status >= 500;
  return (
    <Callout tone="bad" role="alert" title={title}>
      {what}
      {what && todo ? ' ' : ''}
      {todo}
      {serious && problem?.requestId && (
        <>
          {' '}
          {t('error.requestId')} <Code>{problem.requestId}</Code>
        </>
      )}
    </Callout>
  );
}

function wordsOf(error: Error, words: Readonly<Record<string, string>>): { title: string; what: string; todo: string } {
  const problem = problemOf(error);
  if (!problem) return { title: t('error.action'), what: error.message, todo: '' };
  if (problem.status === 0) return { title: t('error.network.title'), what: t('error.network.what'), todo: '' };
  const own = words[problem.code];
  if (own !== undefined) return { title: own, what: '', todo: '' };
  return { title: problem.title || t('error.action'), what: problem.detail, todo: problem.remedy };
}

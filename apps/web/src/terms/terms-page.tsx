import { Button, Group, Skeleton, Stack, Textarea } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { publishTerms, type Terms, termsQuery } from '../api/terms.ts';
import { useChange } from '../api/use-change.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { Irrevocable } from '../parts/irrevocable.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Paragraphs } from '../parts/paragraphs.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { say } from '../parts/say.tsx';
import { StateBox } from '../parts/state-box.tsx';
import { useMay } from '../session/use-may.ts';
import { formatDateTime } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './terms.module.css';

/** The terms of use that everyone has to accept. */
export function TermsPage() {
  const { data: terms, error, isPending, refetch } = useQuery(termsQuery);
  const manages = useMay()('terms.manage');
  const [writing, setWriting] = useState(false);
  const write = <Button onClick={() => setWriting(true)}>{t(terms ? 'terms.write.new' : 'terms.write.first')}</Button>;
  return (
    <Page
      title={t('terms.title')}
      about={
        terms
          ? t('terms.version', { version: String(terms.version), at: formatDateTime(terms.publishedAt) })
          : t('terms.about')
      }
      actions={manages && !writing && terms && write}
    >
      {error && terms === undefined && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton height={320} role="status" aria-label={t('app.loading')} />}
      {writing && <Editor terms={terms ?? null} onClose={() => setWriting(false)} />}
      {!writing && terms === null && (
        <Panel>
          <StateBox icon={IconFileText} title={t('terms.none.title')} role="status">
            <p>{t('terms.none.what')}</p>
            {manages && write}
          </StateBox>
        </Panel>
      )}
      {!writing && terms && (
        <div className={classes.current}>
          <Paragraphs text={terms.text} label={t('terms.text')} />
        </div>
      )}
    </Page>
  );
}

interface EditorProps {
  readonly terms: Terms | null;
  readonly onClose: () => void;
}

function Editor({ terms, onClose }: EditorProps) {
  const [text, setText] = useState(terms?.text ?? '');
  const [asking, setAsking] = useState(false);
  const publish = useChange(publishTerms, {
    // Whoever publishes has to accept them too: only then does everyone's page know.
    stale: ['terms', 'me'],
    shown: true,
    onDone: ({ version }) => {
      setAsking(false);
      say(t('terms.published', { version: String(version) }));
      onClose();
    },
  });
  const changed = text.trim() !== '' && text.trim() !== terms?.text.trim();
  return (
    <Stack gap="md">
      <Textarea
        label={t('terms.text')}
        description={t('terms.text.about')}
        autosize
        minRows={12}
        maxRows={30}
        maxLength={100_000}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ProblemAlert error={publish.error} />
      <Group gap="xs">
        <Button disabled={!changed} onClick={() => setAsking(true)}>
          {t('terms.publish')}…
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('app.cancel')}
        </Button>
      </Group>
      <Irrevocable
        opened={asking}
        title={t('terms.publish')}
        word={t('terms.publish.word')}
        pending={publish.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => publish.mutate(text)}
      >
        <p>{t('terms.publish.lost')}</p>
        <ProblemAlert error={publish.error} />
      </Irrevocable>
    </Stack>
  );
}

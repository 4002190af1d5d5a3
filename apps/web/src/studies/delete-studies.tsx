import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { deleteStudy, type StudyRow } from '../api/studies.ts';
import { showFailure } from '../parts/show-failure.tsx';
import { formatBytes } from '../text/format.ts';
import { t } from '../text/t.ts';
import classes from './delete-studies.module.css';
import { patientOf, studyLabel } from './study-words.ts';

interface DeleteStudiesProps {
  readonly opened: boolean;
  readonly studies: readonly StudyRow[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** How many studies the dialog names one by one. */
const named = 6;

/** Says what will be lost and takes a typed word for it, since it cannot be undone. */
export function DeleteStudies({ opened, studies, onClose, onDone }: DeleteStudiesProps) {
  const [word, setWord] = useState('');
  const [done, setDone] = useState(0);
  const client = useQueryClient();
  const close = () => {
    setWord('');
    onClose();
  };
  const remove = useMutation({
    mutationFn: async () => {
      const failures: Error[] = [];
      for (const [index, study] of studies.entries()) {
        setDone(index);
        await deleteStudy(study.studyInstanceUid).catch((error: Error) => failures.push(error));
      }
      return failures;
    },
    onSuccess: async (failures) => {
      const count = studies.length - failures.length;
      const [first] = failures;
      if (count > 0) notifications.show({ message: t('studies.delete.done', { count }) });
      if (first) showFailure(first);
      close();
      if (count > 0) onDone();
      await Promise.all(['studies', 'status'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const ready = word.trim().toLowerCase() === t('studies.delete.word');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) remove.mutate();
  };
  return (
    <Modal
      opened={opened}
      onClose={() => !remove.isPending && close()}
      title={t('studies.delete.title', { count: studies.length })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <div className={classes.lost}>
            <p>{t('studies.delete.lost')}</p>
            <p>
              <strong>{contents(studies)}</strong>
            </p>
            <ul>
              {studies.slice(0, named).map((study) => (
                <li key={study.studyInstanceUid}>
                  {patientOf(study)}: {studyLabel(study)}
                </li>
              ))}
              {studies.length > named && <li>{t('studies.delete.more', { count: studies.length - named })}</li>}
            </ul>
          </div>
          <TextInput
            label={t('studies.delete.type', { word: t('studies.delete.word') })}
            value={word}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setWord(event.currentTarget.value)}
          />
          <Group justify="end" gap="xs">
            {remove.isPending && (
              <span role="status">{t('studies.delete.progress', { done, total: studies.length })}</span>
            )}
            <Button variant="default" onClick={close} disabled={remove.isPending}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" className={classes.danger ?? ''} disabled={!ready} loading={remove.isPending}>
              {t('studies.delete.title', { count: studies.length })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function contents(studies: readonly StudyRow[]): string {
  const sum = (of: (study: StudyRow) => number) => studies.reduce((total, study) => total + of(study), 0);
  return t('studies.delete.contents', {
    studies: t('count.studies', { count: studies.length }),
    series: t('count.series', { count: sum((study) => study.seriesCount) }),
    instances: t('count.instances', { count: sum((study) => study.instanceCount) }),
    bytes: formatBytes(sum((study) => study.sizeBytes)),
  });
}

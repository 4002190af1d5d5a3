import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { personQuery } from '../api/people.ts';
import { SidePanel } from '../list/side-panel.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { t } from '../text/t.ts';
import { PersonParts } from './person-parts.tsx';
import { PersonStateSign } from './person-state.tsx';

interface PersonPreviewProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** A person beside the list, with everything that can be done. */
export function PersonPreview({ id, onClose }: PersonPreviewProps) {
  const { data: person, error, refetch } = useQuery(personQuery(id));
  const title = person ? (
    <>
      <h2>{person.name}</h2>
      <PersonStateSign state={person.state} />
    </>
  ) : (
    !error && <Skeleton height={16} width={160} />
  );
  return (
    <SidePanel title={title} onClose={onClose}>
      {error && !person && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !person && <Skeleton height={160} role="status" aria-label={t('app.loading')} />}
      {person && (
        <>
          <PersonParts person={person} />
          <Button component={Link} to={`/admin/people/${id}`} variant="subtle" size="compact-sm" mt="md" ml={-8}>
            {t('person.open')}
          </Button>
        </>
      )}
    </SidePanel>
  );
}

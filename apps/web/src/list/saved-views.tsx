import { ActionIcon, Button, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { t } from '../text/t.ts';

interface SavedView {
  readonly name: string;
  /** The address after the question mark. */
  readonly search: string;
}

interface SavedViewsProps {
  /** Which list the views belong to. */
  readonly list: string;
  /** Parameters that say where one is rather than what one looks at. */
  readonly without: readonly string[];
}

/** Filters, order and columns kept under a name, in this browser. */
export function SavedViews({ list, without }: SavedViewsProps) {
  const [views, setViews] = useLocalStorage<SavedView[]>({ key: `isocenter-views-${list}`, defaultValue: [] });
  const [open, { toggle, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const router = useRouter();
  const location = useRouterState({ select: (state) => state.location });
  const current = strip(location.searchStr, without);

  const save = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (!wanted) return;
    setViews([...views.filter((view) => view.name !== wanted), { name: wanted, search: current }]);
    setName('');
  };
  const show = (view: SavedView) => {
    router.history.push(view.search ? `${location.pathname}?${view.search}` : location.pathname);
    close();
  };

  return (
    <Popover opened={open} onDismiss={close} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          onClick={toggle}
          aria-expanded={open}
        >
          {views.find((view) => view.search === current && current !== '')?.name ?? t('list.views')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.views')}>
        <Stack gap="xs">
          {views.length === 0 && (
            <span style={{ color: 'var(--text-soft)', fontSize: '0.8125rem' }}>{t('list.views.none')}</span>
          )}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button
                variant={view.search === current ? 'light' : 'subtle'}
                color={view.search === current ? 'teal' : 'gray'}
                justify="flex-start"
                fullWidth
                onClick={() => show(view)}
              >
                {view.name}
              </Button>
              <ActionIcon
                onClick={() => setViews(views.filter((other) => other.name !== view.name))}
                aria-label={t('list.views.remove', { name: view.name })}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <form onSubmit={save}>
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                aria-label={t('list.views.name')}
                placeholder={t('list.views.name')}
                value={name}
                maxLength={60}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" disabled={!name.trim()}>
                {t('list.views.save')}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function strip(search: string, without: readonly string[]): string {
  const parameters = new URLSearchParams(search);
  for (const name of without) parameters.delete(name);
  return parameters.toString();
}

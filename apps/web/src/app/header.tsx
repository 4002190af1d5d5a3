import { ActionIcon, Kbd, Tooltip, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '../text/t.ts';
import { UploadIndicator } from '../upload/upload-indicator.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import classes from './header.module.css';

const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** Where one is, the way to everywhere, and what is going on. */
export function Header({ onMenu }: { readonly onMenu?: () => void }) {
  return (
    <header className={classes.header}>
      <div className={classes.start}>
        {onMenu && (
          <ActionIcon onClick={onMenu} aria-label={t('app.menu')}>
            <IconMenu2 size={20} stroke={1.7} aria-hidden />
          </ActionIcon>
        )}
        <Link to="/" className={classes.brand}>
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span>{t('app.name')}</span>
        </Link>
        <span className={classes.node}>{location.host}</span>
      </div>
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <span className={classes.searchText}>{t('app.search')}</span>
        <span className={classes.keys} aria-hidden>
          <Kbd size="xs">{commandKey}</Kbd>
          <Kbd size="xs">K</Kbd>
        </span>
      </UnstyledButton>
      <div className={classes.end}>
        <UploadIndicator />
        <Tooltip label={t('app.search.label')}>
          <ActionIcon className={classes.searchIcon ?? ''} onClick={spotlight.open} aria-label={t('app.search.label')}>
            <IconSearch size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Bell />
        <AccountMenu />
      </div>
    </header>
  );
}

import { Drawer } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { t } from '../text/t.ts';
import { Header } from './header.tsx';
import { Rail } from './rail.tsx';
import { RailToggle } from './rail-toggle.tsx';
import classes from './shell.module.css';

/** Header, rail and the page between them. The page scrolls, the frame stands. */
export function Shell() {
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'isocenter-rail-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [menuOpen, menu] = useDisclosure(false);
  const main = useFocusOnNavigation();
  const narrow = !wide || collapsed;

  return (
    <div className={classes.shell} data-narrow={narrow || undefined}>
      <a href="#main" className={classes.skip}>
        {t('app.skip')}
      </a>
      <Header {...(phone ? { onMenu: menu.open } : {})} />
      {phone ? (
        <Drawer
          opened={menuOpen}
          onClose={menu.close}
          size={260}
          title={t('app.name')}
          closeButtonProps={{ 'aria-label': t('app.menu.close') }}
          padding="xs"
        >
          <Rail narrow={false} onNavigate={menu.close} />
        </Drawer>
      ) : (
        <div className={classes.side}>
          <Rail narrow={narrow} />
          {wide && <RailToggle collapsed={collapsed} onToggle={() => setCollapsed(!collapsed)} />}
        </div>
      )}
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
}

/** Puts the focus on the page after going to another one, so that a screen reader starts there. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. Shade 7 has 5.4:1 under white text, shade 4 has 8:1 on the dark surface. */
const teal: MantineColorsTuple = [
  '#e3f4f5',
  '#cbe9ec',
  '#9dd5da',
  '#71c4cb',
  '#4cc3cd',
  '#249aa5',
  '#0f838e',
  '#0b6f79',
  '#085c65',
  '#06474e',
];

/** Cool neutrals for the dark scheme: 0 is text, 7 the page, 9 the deepest well. */
const dark: MantineColorsTuple = [
  '#e4e8ec',
  '#c4ccd3',
  '#a0aab4',
  '#76818c',
  '#2a3138',
  '#242a30',
  '#1e2328',
  '#171b1f',
  '#101316',
  '#0c0f11',
];

const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif";

/** Mantine's defaults brought onto the 4-px grid and the tokens of tokens.css. */
export const theme = createTheme({
  colors: { teal, dark },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 7 },
  black: '#1a1f24',
  fontFamily,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.4' },
  headings: {
    fontFamily,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.4' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.45' },
    },
  },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, events: { hover: true, focus: true, touch: false } } },
    // A dialog's heading is no banner of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
    DrawerHeader: { defaultProps: { role: 'none' } },
    Modal: { defaultProps: { centered: true, padding: 'lg' } },
    Popover: { defaultProps: { shadow: 'md', withinPortal: true } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end' } },
  },
});

/** Ties Mantine's own variables to our tokens, so that a colour is decided in one place. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-soft)',
    '--mantine-color-placeholder': 'var(--text-soft)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--surface-raised)',
    '--mantine-color-default-hover': 'var(--surface-hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-teal-filled': 'var(--accent-fill)',
    '--mantine-color-teal-filled-hover': 'var(--accent-fill-hover)',
    '--mantine-color-teal-light': 'var(--accent-soft)',
    '--mantine-color-teal-light-hover': 'var(--surface-active)',
    '--mantine-color-teal-light-color': 'var(--accent)',
    '--mantine-color-teal-outline': 'var(--accent)',
    '--mantine-color-teal-text': 'var(--accent)',
    '--mantine-color-gray-light-color': 'var(--text-soft)',
    '--mantine-color-gray-text': 'var(--text-soft)',
    '--mantine-color-disabled-color': 'var(--text-soft)',
  };
  return { variables: {}, light: both, dark: both };
};

import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Slate blue: quiet beside the state colours, and its darker shades keep 4.5:1 on white and on the dark ground. */
const slate: MantineColorsTuple = [
  '#eef3fa',
  '#dce5f1',
  '#b9cbe3',
  '#93afd6',
  '#6f95c8',
  '#5582bd',
  '#426fab',
  '#345d96',
  '#2a4d7e',
  '#1e3a61',
];

/** Brick: deep enough for white letters on it and for itself on white. */
const red: MantineColorsTuple = [
  '#fdeeec',
  '#f9dad7',
  '#f2b3ad',
  '#ea8a82',
  '#e0655b',
  '#d0493e',
  '#bd362c',
  '#a92a21',
  '#8f2119',
  '#741811',
];

const systemSans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif';
const systemMono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

export const theme = createTheme({
  colors: { slate, red },
  primaryColor: 'slate',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: systemSans,
  fontFamilyMonospace: systemMono,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
});

import { render } from 'preact';
import { Shell } from './shell.tsx';
import { applyTheme, savedTheme } from './theme.ts';

applyTheme(savedTheme());
const root = document.getElementById('page');
if (root) render(<Shell />, root);

'use client';
import { Moon, Sun } from 'lucide-react';
import { toggleTheme, useTheme } from '../_data/theme.ts';
import { IconButton } from './button.tsx';

/** Light or dark, this browser only. */
export function ThemeButton() {
  const { shown } = useTheme();
  return (
    <IconButton label={shown === 'dark' ? 'Light theme' : 'Dark theme'} onClick={toggleTheme}>
      {shown === 'dark' ? <Sun size={16} strokeWidth={1.75} /> : <Moon size={16} strokeWidth={1.75} />}
    </IconButton>
  );
}

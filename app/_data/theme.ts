'use client';
/** Which theme was chosen, and what is showing. The script in the head does the work; this tells it to. */
import { useSyncExternalStore } from 'react';
import { THEME_STORE, type ThemeChoice } from './theme-script.ts';

const CHANGED = 'cam-theme';

function subscribe(onChange: () => void): () => void {
  for (const name of [CHANGED, 'storage']) window.addEventListener(name, onChange);
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', onChange);
  return () => {
    for (const name of [CHANGED, 'storage']) window.removeEventListener(name, onChange);
    system.removeEventListener('change', onChange);
  };
}

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(THEME_STORE);
  return stored === 'dark' || stored === 'light' ? stored : 'system';
}

const readShown = (): 'light' | 'dark' =>
  document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';

export function setTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(THEME_STORE);
  else localStorage.setItem(THEME_STORE, choice);
  window.dispatchEvent(new Event(CHANGED));
}

export const toggleTheme = (): void => setTheme(readShown() === 'dark' ? 'light' : 'dark');

export function useTheme(): { choice: ThemeChoice; shown: 'light' | 'dark' } {
  const choice = useSyncExternalStore(subscribe, readChoice, () => 'system' as const);
  const shown = useSyncExternalStore(subscribe, readShown, () => 'light' as const);
  return { choice, shown };
}

'use client';
/** The palette is opened from several places and stands in one. */
const OPEN = 'cam-palette';

export const openPalette = (): void => void window.dispatchEvent(new Event(OPEN));

export function onOpenPalette(open: () => void): () => void {
  window.addEventListener(OPEN, open);
  return () => window.removeEventListener(OPEN, open);
}

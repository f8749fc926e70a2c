/** The theme, before anything is painted and wherever it changes later. This browser only: nothing of it is sent. */
export const THEME_STORE = 'cam-theme';
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** Runs as an inline script in the head, so it is plain old JavaScript that cannot fail. */
export const THEME_SCRIPT = `(function(){var d=document.documentElement,m=matchMedia('(prefers-color-scheme: dark)'),
s=function(){var c;try{c=localStorage.getItem('${THEME_STORE}')}catch(e){}
d.dataset.theme=c==='dark'||c==='light'?c:m.matches?'dark':'light'};
s();m.addEventListener('change',s);addEventListener('storage',s);addEventListener('cam-theme',s)})()`;

/** The three weights of a button. One primary a view; it is ink, never a hue. */
import Link from 'next/link';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'link' | 'danger';
type Size = 'small' | 'normal' | 'large';

const BASE =
  'hit inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed aria-disabled:cursor-not-allowed';
const LOOKS: Record<Look, string> = {
  primary:
    'bg-fg text-on-fg hover:bg-fg/88 disabled:bg-fg/45 disabled:text-on-fg aria-disabled:bg-fg/45 shadow-card',
  plain:
    'border bg-surface text-fg shadow-card hover:bg-raised disabled:bg-raised disabled:text-fg-3 disabled:shadow-none',
  quiet: 'text-fg-2 hover:bg-hover hover:text-fg disabled:text-fg-3 disabled:hover:bg-transparent',
  link: 'text-acc-text hover:underline underline-offset-2 disabled:text-fg-3',
  danger:
    'border bg-surface text-bad-text shadow-card hover:bg-bad-soft disabled:bg-raised disabled:text-fg-3',
};
const SIZES: Record<Size, string> = {
  small: 'h-7 px-2 text-12 gap-1.5',
  normal: 'h-8 px-3 text-12 max-sm:text-13',
  large: 'h-10 px-4 text-13 max-sm:h-11',
};

export function buttonClass(look: Look = 'plain', size: Size = 'normal', more = ''): string {
  return `${BASE} ${LOOKS[look]} ${look === 'link' ? 'text-12 h-7' : SIZES[size]} ${more}`;
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
  readonly size?: Size;
}

export function Button({ look, size, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(look, size, className)} {...rest} />;
}

export function ButtonLink(props: {
  href: string;
  look?: Look;
  size?: Size;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link href={props.href} className={buttonClass(props.look, props.size, props.className)}>
      {props.children}
    </Link>
  );
}

/** A square button that is only an icon; its name is spoken and shown on hover. */
export function IconButton({
  label,
  bare = false,
  className = '',
  children,
  ...rest
}: Omit<ButtonProps, 'look' | 'size'> & { label: string; bare?: boolean }) {
  const look = bare
    ? 'text-fg-3 hover:text-fg hover:bg-hover size-7'
    : 'border bg-surface text-fg-2 hover:text-fg hover:bg-raised shadow-card size-8 max-sm:size-9';
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`hit inline-grid shrink-0 place-items-center rounded-control transition-colors disabled:opacity-50 ${look} ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}

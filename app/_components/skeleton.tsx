/** The place where something will stand: its final size, still, and silent to screen readers. */
export function Bone({ className = '' }: { className?: string }) {
  return <span data-bone="" aria-hidden="true" className={`block rounded-[4px] bg-track ${className}`} />;
}

export function Loading({ label }: { label: string }) {
  return (
    <span role="status" className="sr-only">
      {label}
    </span>
  );
}

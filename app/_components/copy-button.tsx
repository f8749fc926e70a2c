'use client';
/** Copies a text and says so in place for a moment; the word never changes the button's width. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

const SAID_MS = 1_600;

function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return { copied, copy };
}

export function CopyIcon({ text, label, className }: { text: string; label: string; className?: string }) {
  const { copied, copy } = useCopy(text);
  return (
    <IconButton bare label={copied ? 'Copied' : label} onClick={copy} className={className}>
      {copied ? <Check size={14} className="text-ok-text" /> : <Copy size={14} />}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </IconButton>
  );
}

export function CopyButton(props: {
  text: string;
  label?: string;
  look?: 'primary' | 'plain' | 'quiet';
  size?: 'small' | 'normal';
}) {
  const { copied, copy } = useCopy(props.text);
  const label = props.label ?? 'Copy';
  return (
    <Button look={props.look ?? 'quiet'} size={props.size ?? 'small'} onClick={copy}>
      {copied ? <Check size={14} /> : <Copy size={14} />}
      <span className="grid">
        <span className={`col-start-1 row-start-1 ${copied ? 'invisible' : ''}`}>{label}</span>
        <span className={`col-start-1 row-start-1 text-left ${copied ? '' : 'invisible'}`} role="status">
          {copied ? 'Copied' : ''}
        </span>
      </span>
    </Button>
  );
}

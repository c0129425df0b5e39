import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';

const SHOWN_MILLIS = 1500;

async function copy(text: string): Promise<boolean> {
  try {
    // Only there in secure contexts: on localhost, but not where the page is reached by a machine's name over http.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyText({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const label = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not permitted' : 'Copy';
  return (
    <Button
      size="compact-xs"
      variant="default"
      style={{ flex: 'none' }}
      aria-label={outcome === null ? `Copy the ${what}` : label}
      onClick={() => void copy(text).then((copied) => setOutcome(copied ? 'copied' : 'failed'))}
    >
      {label}
    </Button>
  );
}

import type { DigestGroup } from './digests';

const SHOWN_DIGITS = 12;

/** A digest's first digits, with the letter of its group: the same letter, the same bytes. */
export function Digest({ digest, group }: { digest: string | null; group?: DigestGroup | undefined }) {
  if (digest === null || digest === '') return <span className="dimmed">–</span>;
  return (
    <span className="digest" title={digest}>
      {group !== undefined && (
        <span className="digest-label" style={{ color: `var(--digest-${digestTone(group.label)})` }} aria-label={`Result ${group.label}`}>
          {group.label}
        </span>
      )}
      <span className="mono">{digest.slice(0, SHOWN_DIGITS)}</span>
    </span>
  );
}

const TONES = 6;

function digestTone(label: string): number {
  return (label.charCodeAt(0) - 65) % TONES;
}

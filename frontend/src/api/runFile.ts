/** A file that a run left; deterministic ones are part of the digest. */
export interface RunFile {
  path: string;
  bytes: number;
  sha256: string;
  deterministic: boolean;
}

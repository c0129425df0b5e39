/** A stored, immutable definition. */
export interface Experiment {
  id: string;
  name: string;
  description: string | null;
  tags: string[];
  createdAt: string;
  hosts: number;
  processes: number;
  /** Virtual time at which a run ends, with its unit: "10 s". */
  stopTime: string;
  /** Of the definition's text. */
  sha256: string;
  runs: number;
}

/** Something that may make the results doubtful, once per cause. */
export interface RunWarning {
  kind: string;
  program: string | null;
  subject: string | null;
  count: number;
  message: string;
}

/** One mistake (or notice) in a definition. Lines and columns (in characters) count from 1; 0 where the place is unknown. */
export interface DefinitionProblem {
  pointer: string;
  line: number;
  column: number;
  /** As written, shortened; absent or empty where something is missing. */
  value?: string;
  message: string;
}

/** The body of every refusal: RFC 9457 problem+json, with the definition's mistakes where it was about a definition. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: DefinitionProblem[];
}

/** A refusal by the service, or (status 0) no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The service answered with status ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function problemOf(value: unknown): DefinitionProblem | null {
  if (!isRecord(value)) return null;
  const message = textOf(value['message']);
  if (message === undefined) return null;
  const problem: DefinitionProblem = {
    pointer: textOf(value['pointer']) ?? '',
    line: numberOf(value['line']),
    column: numberOf(value['column']),
    message,
  };
  const offending = textOf(value['value']);
  if (offending !== undefined && offending !== '') problem.value = offending;
  return problem;
}

/** Reads a refusal's body leniently: a proxy in between may answer with HTML or nothing. */
export function parseProblem(status: number, statusText: string, body: string): Problem {
  const fallback: Problem = { status, title: statusText || `Status ${status}` };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return fallback;
  }
  if (!isRecord(value)) return fallback;
  const problem: Problem = { status, title: textOf(value['title']) ?? fallback.title ?? '' };
  const type = textOf(value['type']);
  if (type !== undefined) problem.type = type;
  const detail = textOf(value['detail']);
  if (detail !== undefined) problem.detail = detail;
  if (Array.isArray(value['errors'])) {
    problem.errors = value['errors'].map(problemOf).filter((error) => error !== null);
  }
  return problem;
}

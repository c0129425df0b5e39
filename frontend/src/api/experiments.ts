import { getJson, postText, send, withQuery } from './client';
import type { Experiment } from './experiment';
import type { Page } from './page';
import { ApiError } from './problem';
import type { Run } from './run';
import type { Validation } from './validation';

/** What the service takes at most; asked before sending. */
export const DEFINITION_LIMIT_BYTES = 16 * 1024 * 1024;

export const listExperiments = (page: number, size: number, signal?: AbortSignal) =>
  getJson<Page<Experiment>>(withQuery('/experiments', { page, size }), signal);

export const showExperiment = (id: string, signal?: AbortSignal) =>
  getJson<Experiment>(`/experiments/${encodeURIComponent(id)}`, signal);

export const readDefinition = async (id: string, signal?: AbortSignal) =>
  (await send(`/experiments/${encodeURIComponent(id)}/definition`, { signal, headers: { Accept: '*/*' } })).text();

/** JSON is YAML 1.2 too, so one content type serves both and positions refer to the text as typed. */
const DEFINITION_TYPE = 'application/yaml';

export async function submitExperiment(definition: string): Promise<Experiment> {
  const response = await send('/experiments', { method: 'POST', body: definition, contentType: DEFINITION_TYPE });
  return (await response.json()) as Experiment;
}

/** A text that cannot be read at all (400) is a validation result as well: its errors have lines. */
export async function validateDefinition(definition: string, signal?: AbortSignal): Promise<Validation> {
  try {
    const response = await send('/experiments/validate', {
      method: 'POST',
      body: definition,
      contentType: DEFINITION_TYPE,
      signal,
    });
    return (await response.json()) as Validation;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 400 || error.status === 422) && error.problem.errors?.length) {
      return { valid: false, errors: error.problem.errors, notices: [] };
    }
    throw error;
  }
}

/** A seed's digits stand in the body as they are: a JavaScript number would lose some. */
export const startRun = (experimentId: string, seed: string | null) =>
  postText<Run>('/runs', `{"experimentId":${JSON.stringify(experimentId)}${seed === null ? '' : `,"seed":${seed}`}}`);

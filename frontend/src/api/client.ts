import { parseJson } from './parse';
import { ApiError, parseProblem } from './problem';

export const API_BASE = '/api/v1';

interface Call {
  method?: string;
  body?: string;
  contentType?: string;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

/** Sends a request; every answer that is not 2xx (and not in `accepted`) becomes an ApiError. */
export async function send(path: string, call: Call = {}, accepted: readonly number[] = []): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json, */*;q=0.5', ...call.headers };
  if (call.contentType !== undefined) headers['Content-Type'] = call.contentType;
  let response: Response;
  try {
    response = await fetch(`${API_BASE}${path}`, {
      method: call.method ?? 'GET',
      headers,
      body: call.body ?? null,
      signal: call.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, {
      title: 'The service does not answer',
      detail: 'No answer from the service. It may be stopped or starting; this page tries again by itself.',
    });
  }
  if (!response.ok && !accepted.includes(response.status)) {
    throw new ApiError(response.status, parseProblem(response.status, response.statusText, await response.text()));
  }
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await send(path, { signal });
  return parseJson<T>(await response.text());
}

export function postJson<T>(path: string, value?: unknown): Promise<T> {
  return postText<T>(path, value === undefined ? null : JSON.stringify(value));
}

/** Posts JSON that is text already. */
export async function postText<T>(path: string, body: string | null): Promise<T> {
  const response = await send(path, body === null ? { method: 'POST' } : { method: 'POST', body, contentType: 'application/json' });
  return parseJson<T>(await response.text());
}

/** The path part of a query, without the parameters that are not set. */
export function withQuery(path: string, parameters: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A file's path as part of an address: each name encoded, the slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

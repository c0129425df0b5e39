import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodePath, getJson, postJson, send, withQuery } from './client';
import { ApiError } from './problem';

afterEach(() => vi.unstubAllGlobals());

const answering = (response: Response) => {
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(response));
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

describe('client', () => {
  it('turns a refusal into an ApiError with the problem of the body', async () => {
    answering(new Response('{"title":"Not found","detail":"no run: id=7"}', { status: 404 }));
    const error: unknown = await getJson('/runs/7').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 404, message: 'no run: id=7' });
  });

  it('lets accepted statuses through', async () => {
    answering(new Response('', { status: 416 }));
    expect((await send('/x', {}, [416])).status).toBe(416);
  });

  it('says so where nothing answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(getJson('/runs')).rejects.toMatchObject({ status: 0, problem: { title: 'The service does not answer' } });
  });

  it('leaves an abort an abort', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('gone', 'AbortError')));
    await expect(getJson('/runs')).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('posts JSON with its content type', async () => {
    const fetched = answering(new Response('{"id":"1"}', { status: 202 }));
    expect(await postJson('/runs', { experimentId: 'a' })).toEqual({ id: '1' });
    const request = fetched.mock.calls[0]?.[1];
    expect(request?.method).toBe('POST');
    expect(request?.body).toBe('{"experimentId":"a"}');
    expect(new Headers(request?.headers).get('content-type')).toBe('application/json');
  });
});

describe('addresses', () => {
  it('leave out parameters that are not set', () => {
    expect(withQuery('/runs', { page: 0, state: '', experimentId: undefined, size: 20 })).toBe('/runs?page=0&size=20');
    expect(withQuery('/runs', {})).toBe('/runs');
  });

  it('encode each name of a path and keep the slashes', () => {
    expect(encodePath('hosts/a b/x#1?.stdout')).toBe('hosts/a%20b/x%231%3F.stdout');
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { textOf } from './output';
import { readOutput } from './readOutput';

afterEach(() => vi.unstubAllGlobals());

const answering = (response: Response) => {
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(response));
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

describe('readOutput', () => {
  it('asks for a part and knows where it lies', async () => {
    const fetched = answering(new Response('tail', { status: 206, headers: { 'Content-Range': 'bytes 96-99/100' } }));
    const piece = await readOutput('r 1', 'hosts/a/x.1000.stdout', 'bytes=-4', 1000);
    expect(piece).toMatchObject({ start: 96, total: 100 });
    expect(textOf(piece)).toBe('tail');
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/v1/runs/r%201/files/hosts/a/x.1000.stdout');
    expect(new Headers(fetched.mock.calls[0]?.[1]?.headers).get('Range')).toBe('bytes=-4');
  });

  it('takes "no such range" of an empty file for an empty file', async () => {
    answering(new Response('{}', { status: 416, headers: { 'Content-Range': 'bytes */0' } }));
    expect(await readOutput('r', 'x', 'bytes=-4', 1000)).toEqual({ start: 0, bytes: new Uint8Array(), total: 0 });
  });

  it('takes the whole of a small file', async () => {
    answering(new Response('all', { status: 200 }));
    expect(await readOutput('r', 'x', 'bytes=-4', 1000)).toMatchObject({ start: 0, total: 3 });
  });

  it('does not load a whole large file', async () => {
    answering(new Response('all', { status: 200, headers: { 'Content-Length': '5000' } }));
    await expect(readOutput('r', 'x', 'bytes=-4', 1000)).rejects.toThrow('bytes=5000');
  });
});

import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { afterEach, vi } from 'vitest';
import { theme } from '../theme';

/** What jsdom has not and Mantine asks for. */
window.matchMedia = (query) =>
  ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;
window.HTMLElement.prototype.scrollIntoView = vi.fn();

// A loaded machine is no reason to fail.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Draws with everything that surrounds a page. */
export function draw(element: ReactNode, address = '/') {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queries}>
        <MemoryRouter initialEntries={[address]}>{element}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

export interface Request {
  method: string;
  path: string;
  body: string;
}

/** A service in place of the network; gives the list of what it was asked. */
export function answer(respond: (request: Request) => Response): Request[] {
  const requests: Request[] = [];
  vi.stubGlobal('fetch', (path: string, options: RequestInit) => {
    const request = { method: options.method ?? 'GET', path, body: typeof options.body === 'string' ? options.body : '' };
    requests.push(request);
    return Promise.resolve(respond(request));
  });
  return requests;
}

export const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

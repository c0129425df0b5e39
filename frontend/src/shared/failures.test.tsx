// @vitest-environment jsdom
import { fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { App } from '../App';
import { ApiError } from '../api/problem';
import { answer, draw, json } from '../testing/draw';
import { Crash } from './Crash';
import { ErrorNote } from './ErrorNote';
import { ReadingFailed } from './ReadingFailed';

it('says what the service said, with the places of errors, and tries again', () => {
  const retry = vi.fn();
  const error = new ApiError(422, {
    title: 'The definition is wrong',
    detail: 'There is one error.',
    errors: [{ pointer: '', line: 3, column: 7, message: 'unknown key' }],
  });
  draw(<ErrorNote what="It was not stored" error={error} onRetry={retry} />);
  const alert = screen.getByRole('alert');
  for (const text of ['It was not stored', 'The definition is wrong', 'There is one error.', 'line 3, column 7: unknown key']) {
    expect(alert.textContent).toContain(text);
  }
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});

it('does not push aside what is shown where the service is only silent', () => {
  const silence = new ApiError(0, { title: 'The service does not answer' });
  const refetch = vi.fn();
  const { rerender } = draw(<ReadingFailed what="The runs could not be read" query={{ error: silence, data: [], refetch }} />);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('status').textContent).toContain('may be old');
  rerender(<p>next</p>);
  draw(<ReadingFailed what="The runs could not be read" query={{ error: silence, data: undefined, refetch }} />);
  expect(screen.getByRole('alert').textContent).toContain('The runs could not be read');
});

it('shows a page that cannot be drawn as such, not as nothing', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Broken = () => {
    throw new Error('unexpected answer: items=undefined');
  };
  draw(
    <Crash>
      <Broken />
    </Crash>,
  );
  expect(screen.getByRole('alert').textContent).toContain('unexpected answer: items=undefined');
});

const status = { version: '0.1.0', queued: 0, running: 0, executors: 1 };

it('says that a page does not exist', async () => {
  answer(() => json(status));
  draw(<App />, '/no/such');
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('No such page');
  expect(screen.getByText('/no/such')).toBeTruthy();
});

it('says why a run cannot be shown', async () => {
  answer(({ path }) => (path.endsWith('/status') ? json(status) : json({ title: 'Not found', detail: 'There is no run 7.' }, 404)));
  draw(<App />, '/runs/7');
  expect((await screen.findByRole('alert', undefined, { timeout: 10_000 })).textContent).toContain('There is no run 7.');
});

it('tells a newcomer what to do', async () => {
  answer(({ path }) => json(path.endsWith('/status') ? status : { items: [], page: 0, size: 1, total: 0 }));
  draw(<App />, '/');
  expect((await screen.findByRole('link', { name: 'Open the web example' })).getAttribute('href')).toBe('/submit?example=web');
});

it('says so where the service does not answer', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  draw(<App />, '/');
  expect((await screen.findAllByText(/No answer from the service/)).length).toBeGreaterThan(0);
  expect(await screen.findByText('service not reachable')).toBeTruthy();
});

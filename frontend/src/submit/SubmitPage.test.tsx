// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { beforeEach, expect, it } from 'vitest';
import { sampleRun } from '../runs/sampleRun';
import { answer, draw, json, type Request } from '../testing/draw';
import { SubmitPage } from './SubmitPage';

const WRONG = 'general:\n  stop_time: soon\n';
const RIGHT = 'general:\n  stop_time: 10 s\n';

const mistake = { pointer: '/general/stop_time', line: 2, column: 14, value: 'soon', message: 'is not a time' };

function service({ path, body }: Request): Response {
  if (path.endsWith('/validate')) return json({ valid: body === RIGHT, errors: body === RIGHT ? [] : [mistake], notices: [] });
  if (path.endsWith('/experiments')) return json({ id: 'e1', name: 'web' }, 201);
  return json(sampleRun({ id: 'r9', state: 'queued' }), 202);
}

const page = (
  <Routes>
    <Route path="/submit" element={<SubmitPage />} />
    <Route path="/runs/:id" element={<p>the run’s page</p>} />
  </Routes>
);

const editor = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /Definition/ });
const type = (text: string) => fireEvent.change(editor(), { target: { value: text } });

beforeEach(() => sessionStorage.clear());

it('shows a mistake at its line and leads to it', async () => {
  answer(service);
  draw(page, '/submit');
  type(WRONG);
  const errors = await screen.findByRole('list', { name: 'Errors' });
  expect(document.querySelector('[data-line="2"]')?.getAttribute('data-marker')).toBe('error');
  expect(document.querySelector('[data-line="1"]')?.hasAttribute('data-marker')).toBe(false);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Submit and run' }).disabled).toBe(true);
  fireEvent.click(within(errors).getByRole('button', { name: /is not a time/ }));
  expect(editor().selectionStart).toBe(WRONG.indexOf('soon'));
  expect(document.activeElement).toBe(editor());
});

it('stores the definition, queues the run with the seed and goes to it', async () => {
  const requests = answer(service);
  draw(page, '/submit');
  type(RIGHT);
  await screen.findByText('No errors.');
  fireEvent.change(screen.getByRole('textbox', { name: 'Seed' }), { target: { value: '42' } });
  fireEvent.click(screen.getByRole('button', { name: 'Submit and run' }));
  await screen.findByText('the run’s page');
  const changes = requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/validate'));
  expect(changes).toEqual([
    { method: 'POST', path: '/api/v1/experiments', body: RIGHT },
    { method: 'POST', path: '/api/v1/runs', body: '{"experimentId":"e1","seed":42}' },
  ]);
});

it('stores a definition once, though its run is refused at first', async () => {
  let refusals = 1;
  const requests = answer((request) =>
    request.path.endsWith('/runs') && refusals-- > 0 ? json({ title: 'Unavailable', detail: 'The queue is full.' }, 503) : service(request),
  );
  draw(page, '/submit');
  type(RIGHT);
  await screen.findByText('No errors.');
  fireEvent.click(screen.getByRole('button', { name: 'Submit and run' }));
  await screen.findByText('The queue is full.');
  fireEvent.click(screen.getByRole('button', { name: 'Submit and run' }));
  await screen.findByText('the run’s page');
  expect(requests.filter(({ path }) => path.endsWith('/experiments'))).toHaveLength(1);
});

it('shows errors that only the submission found', async () => {
  answer((request) => {
    if (request.path.endsWith('/validate')) return json({ valid: true, errors: [], notices: [] });
    return json({ title: 'The definition is wrong', detail: 'One error.', errors: [mistake] }, 422);
  });
  draw(page, '/submit');
  type(WRONG);
  await screen.findByText('No errors.');
  fireEvent.click(screen.getByRole('button', { name: 'Submit and run' }));
  await waitFor(() => expect(document.querySelector('[data-line="2"]')?.getAttribute('data-marker')).toBe('error'));
});

it('keeps what was typed when the page is left', async () => {
  answer(service);
  const { unmount } = draw(page, '/submit');
  type(RIGHT);
  await screen.findByText('No errors.');
  unmount();
  draw(page, '/submit');
  expect(editor().value).toBe(RIGHT);
});

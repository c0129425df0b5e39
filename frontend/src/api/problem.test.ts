import { describe, expect, it } from 'vitest';
import { ApiError, parseProblem } from './problem';

describe('parseProblem', () => {
  it('keeps title, detail and the place of each error', () => {
    const body = JSON.stringify({
      type: 'about:blank',
      title: 'Definition is wrong',
      detail: 'The definition has 1 error.',
      errors: [{ pointer: '/general/stop_time', line: 2, column: 14, value: 'soon', message: 'is not a time' }],
    });
    expect(parseProblem(422, '', body)).toEqual({
      type: 'about:blank',
      status: 422,
      title: 'Definition is wrong',
      detail: 'The definition has 1 error.',
      errors: [{ pointer: '/general/stop_time', line: 2, column: 14, value: 'soon', message: 'is not a time' }],
    });
  });

  it('puts 0 where a place is missing and drops entries without a message', () => {
    const body = JSON.stringify({ errors: [{ message: 'truncated' }, { line: 3 }, 'text', null] });
    expect(parseProblem(400, 'Bad Request', body).errors).toEqual([{ pointer: '', line: 0, column: 0, message: 'truncated' }]);
  });

  it('falls back to the status line where the body is not a problem', () => {
    expect(parseProblem(502, 'Bad Gateway', '<html>')).toEqual({ status: 502, title: 'Bad Gateway' });
    expect(parseProblem(500, '', '')).toEqual({ status: 500, title: 'Status 500' });
    expect(parseProblem(500, '', '"text"')).toEqual({ status: 500, title: 'Status 500' });
  });
});

describe('ApiError', () => {
  it('says the detail, else the title, else the status', () => {
    expect(new ApiError(404, { title: 'Not found', detail: 'no run: id=7' }).message).toBe('no run: id=7');
    expect(new ApiError(404, { title: 'Not found' }).message).toBe('Not found');
    expect(new ApiError(404, {}).message).toBe('The service answered with status 404.');
  });
});

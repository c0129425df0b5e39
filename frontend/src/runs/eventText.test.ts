import { describe, expect, it } from 'vitest';
import { takeEvents } from './eventText';

describe('takeEvents', () => {
  it('takes whole events and leaves the rest', () => {
    const { events, rest, lastId } = takeEvents('id:7\nevent:state\ndata:{"a":1}\n\nid: 8\nevent: progress\ndata: {', '');
    expect(events).toEqual([{ id: '7', name: 'state', data: '{"a":1}' }]);
    expect(rest).toBe('id: 8\nevent: progress\ndata: {');
    expect(lastId).toBe('7');
  });

  it('passes over heartbeats', () => {
    expect(takeEvents(':still here\n\n:still here\n\n', '3')).toEqual({ events: [], rest: '', lastId: '3' });
  });

  it('joins lines of data, keeps the last id, reads any line end', () => {
    expect(takeEvents('data: a\r\ndata: b\r\n\r\n', '5').events).toEqual([{ id: '5', name: 'message', data: 'a\nb' }]);
  });
});

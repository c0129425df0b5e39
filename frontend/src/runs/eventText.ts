/** One event of a stream, as its text says. */
export interface TextEvent {
  id: string;
  name: string;
  data: string;
}

/**
 * Cuts whole events off the front of a stream's text (HTML standard, section 9.2.6) and returns them with what is left. An event
 * without an id of its own has the last one's.
 */
export function takeEvents(text: string, lastId: string): { events: TextEvent[]; rest: string; lastId: string } {
  const events: TextEvent[] = [];
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  let id = lastId;
  for (const block of blocks) {
    let name = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      // A line that begins with a colon is a comment: the heartbeat.
      if (colon === 0 || line === '') continue;
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') id = value;
      else if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
    }
    if (data.length > 0) events.push({ id, name, data: data.join('\n') });
  }
  return { events, rest, lastId: id };
}

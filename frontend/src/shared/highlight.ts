export type TokenKind = 'plain' | 'key' | 'string' | 'number' | 'comment' | 'anchor';

export interface Token {
  kind: TokenKind;
  text: string;
}

/** Lines longer than this are shown without colours: they are data, not something to read. */
const LINE_LIMIT = 2000;

const KEY = /^(\s*(?:- +)*)((?:[^\s:#"'{}[\],&*-][^:#]*?|"[^"]*"|'[^']*'|-[^\s:][^:]*?))(\s*:)(?=\s|$)/;
const PIECES = /((?<![^\s[{(,:])(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?))|((?:^|(?<=\s))#.*$)|((?:^|(?<=[\s[{,]))[&*][^\s,\]}]+)|((?:^|(?<=[\s[{,:]))[-+]?\d[\d_.]*(?:e[-+]?\d+)?(?=$|[\s,\]}]))/gi;

function valueTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(PIECES)) {
    if (match.index > from) tokens.push({ kind: 'plain', text: text.slice(from, match.index) });
    const kind: TokenKind =
      match[1] !== undefined ? 'string' : match[2] !== undefined ? 'comment' : match[3] !== undefined ? 'anchor' : 'number';
    tokens.push({ kind, text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) tokens.push({ kind: 'plain', text: text.slice(from) });
  return tokens;
}

/**
 * Colours one line of YAML (or JSON) by itself, for reading only. The pieces' texts together are always the line, so that text drawn
 * over an editor stays in place even where a guess is wrong.
 */
export function highlightLine(line: string): Token[] {
  if (line === '') return [];
  if (line.length > LINE_LIMIT) return [{ kind: 'plain', text: line }];
  const key = KEY.exec(line);
  if (key === null) return valueTokens(line);
  const [whole, indent = '', name = '', colon = ''] = key;
  const tokens: Token[] = [];
  if (indent !== '') tokens.push({ kind: 'plain', text: indent });
  tokens.push({ kind: 'key', text: name }, { kind: 'plain', text: colon });
  return [...tokens, ...valueTokens(line.slice(whole.length))];
}

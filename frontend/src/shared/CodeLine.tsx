import { highlightLine } from './highlight';

export function CodeLine({ text }: { text: string }) {
  return highlightLine(text).map((token, index) =>
    token.kind === 'plain' ? (
      <span key={index}>{token.text}</span>
    ) : (
      <span key={index} className={`token-${token.kind}`}>
        {token.text}
      </span>
    ),
  );
}

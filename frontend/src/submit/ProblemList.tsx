import type { DefinitionProblem } from '../api/problem';
import { inOrder, placeOf, type MarkerKind } from './markers';

/** More than these would be no help; the number of all is said above. */
const SHOWN = 200;

interface Props {
  kind: MarkerKind;
  problems: readonly DefinitionProblem[];
  onGoTo: (problem: DefinitionProblem) => void;
}

/** Every problem as a button that leads to its place. */
export function ProblemList({ kind, problems, onGoTo }: Props) {
  return (
    <ul className="problems" aria-label={kind === 'error' ? 'Errors' : 'Notices'}>
      {inOrder(problems)
        .slice(0, SHOWN)
        .map((problem, index) => (
          <li key={index}>
            <button type="button" onClick={() => onGoTo(problem)}>
              <span className={`place ${kind === 'error' ? 'tone-bad' : 'tone-warn'}`}>
                {problem.line > 0 ? `${problem.line}:${Math.max(1, problem.column)}` : kind}
                <span className="visually-hidden">{problem.line > 0 ? ' (line and column), ' : ', '}</span>
              </span>
              <span className="wrap-anywhere">
                {problem.pointer !== '' && <span className="mono dimmed">{placeOf(problem.pointer)} </span>}
                {problem.value && !problem.message.includes(problem.value) && <span className="mono">{problem.value} </span>}
                {problem.message}
              </span>
            </button>
          </li>
        ))}
    </ul>
  );
}

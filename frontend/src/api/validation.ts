import type { DefinitionProblem } from './problem';

/** What the service says about a definition without storing it. */
export interface Validation {
  valid: boolean;
  errors: DefinitionProblem[];
  notices: DefinitionProblem[];
}

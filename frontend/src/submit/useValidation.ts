import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { DEFINITION_LIMIT_BYTES, validateDefinition } from '../api/experiments';
import type { DefinitionProblem } from '../api/problem';

const PAUSE_MILLIS = 350;

export type ValidationState =
  | { kind: 'empty' }
  | { kind: 'too-large' }
  | { kind: 'checking' }
  | { kind: 'unreachable'; error: unknown }
  | { kind: 'checked'; valid: boolean };

export interface LiveValidation {
  state: ValidationState;
  errors: readonly DefinitionProblem[];
  notices: readonly DefinitionProblem[];
}

const NOTHING: readonly DefinitionProblem[] = [];

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MILLIS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

/** Asks the service about the text once the typing pauses; an older question is given up. */
export function useValidation(text: string): LiveValidation {
  const paused = usePaused(text);
  const isEmpty = text.trim() === '';
  // No character takes more than three bytes of UTF-8 per UTF-16 unit; only texts near the limit are measured.
  const isTooLarge = text.length * 3 > DEFINITION_LIMIT_BYTES && new Blob([text]).size > DEFINITION_LIMIT_BYTES;
  const validation = useQuery({
    queryKey: ['validation', paused],
    queryFn: ({ signal }) => validateDefinition(paused, signal),
    enabled: paused.trim() !== '' && !isTooLarge,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (isEmpty) return { state: { kind: 'empty' }, errors: NOTHING, notices: NOTHING };
  if (isTooLarge) return { state: { kind: 'too-large' }, errors: NOTHING, notices: NOTHING };
  const errors = validation.data?.errors ?? NOTHING;
  const notices = validation.data?.notices ?? NOTHING;
  if (validation.isError) return { state: { kind: 'unreachable', error: validation.error }, errors, notices };
  if (paused !== text || validation.isPlaceholderData || validation.data === undefined) return { state: { kind: 'checking' }, errors, notices };
  return { state: { kind: 'checked', valid: validation.data.valid }, errors, notices };
}

import { Anchor, Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { DEFINITION_LIMIT_BYTES, readDefinition, startRun, submitExperiment } from '../api/experiments';
import { ApiError, type DefinitionProblem } from '../api/problem';
import { formatBytes } from '../format/bytes';
import { formatCount } from '../format/count';
import { ErrorNote } from '../shared/ErrorNote';
import { Loading } from '../shared/Loading';
import { PageTitle } from '../shared/PageTitle';
import { DefinitionEditor, type EditorHandle } from './DefinitionEditor';
import { ProblemList } from './ProblemList';
import { parseSeed } from './seed';
import { useValidation, type LiveValidation } from './useValidation';
import { WEB_EXAMPLE } from './webExample';

const DRAFT_KEY = 'gnomon-definition-draft';
/** A larger draft is not kept: session storage holds a few megabytes in all. */
const DRAFT_LIMIT_CHARACTERS = 500_000;
const SUMMARY_ID = 'validation-summary';

/** Session storage may be forbidden; then a draft lasts as long as the page. */
function keptDraft(): string {
  try {
    return sessionStorage.getItem(DRAFT_KEY) ?? '';
  } catch {
    return '';
  }
}

function keepDraft(text: string) {
  try {
    if (text.length <= DRAFT_LIMIT_CHARACTERS) sessionStorage.setItem(DRAFT_KEY, text);
    else sessionStorage.removeItem(DRAFT_KEY);
  } catch {
    // Nothing is lost but the draft.
  }
}

/** Starts from a stored definition (?from=), the example (?example=web), or the draft. */
export function SubmitPage() {
  const [address] = useSearchParams();
  const from = address.get('from');
  const stored = useQuery({
    queryKey: ['definition', from],
    queryFn: ({ signal }) => readDefinition(from ?? '', signal),
    enabled: from !== null,
    staleTime: Infinity,
  });
  if (from !== null && stored.isPending) return <Loading what="definition" />;
  if (from !== null && stored.isError) {
    return (
      <Stack>
        <PageTitle text="Submit an experiment" />
        <ErrorNote what="The definition could not be read" error={stored.error} onRetry={() => void stored.refetch()} />
      </Stack>
    );
  }
  const initial = stored.data ?? (address.get('example') === 'web' ? WEB_EXAMPLE : keptDraft());
  return <SubmitForm key={from ?? 'draft'} initial={initial} />;
}

interface Submission {
  definition: string;
  seed: string | null;
}

function SubmitForm({ initial }: { initial: string }) {
  const [definition, setDefinition] = useState(initial);
  const [seedText, setSeedText] = useState('');
  const [fileError, setFileError] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const validation = useValidation(definition);
  const seed = parseSeed(seedText);

  useEffect(() => keepDraft(definition), [definition]);

  const store = useMutation({ mutationFn: submitExperiment });
  const submit = useMutation({
    mutationFn: async ({ definition: text, seed: wanted }: Submission) => {
      // A second try after the run was refused must not store the same definition once more.
      const known = store.data !== undefined && store.variables === text ? store.data : null;
      const experiment = known ?? (await store.mutateAsync(text));
      return startRun(experiment.id, wanted);
    },
    onSuccess: (run) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      void queries.invalidateQueries({ queryKey: ['experiments'] });
      void navigate(`/runs/${encodeURIComponent(run.id)}`);
    },
  });

  const refused = submit.error instanceof ApiError && submit.variables?.definition === definition ? (submit.error.problem.errors ?? []) : [];
  const errors = validation.errors.length > 0 ? validation.errors : refused;

  const isBlocked = validation.state.kind === 'empty' || validation.state.kind === 'too-large' || errors.length > 0 || seed.error !== null;

  const send = () => {
    if (!isBlocked && !submit.isPending) submit.mutate({ definition, seed: seed.seed });
  };

  const goTo = (problem: DefinitionProblem) => editor.current?.goTo(Math.max(1, problem.line), Math.max(1, problem.column));

  const load = async (file: File | null) => {
    if (file === null) return;
    if (file.size > DEFINITION_LIMIT_BYTES) {
      setFileError(`${file.name} is larger than a definition may be: ${formatBytes(file.size)} of at most ${formatBytes(DEFINITION_LIMIT_BYTES)}.`);
      return;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      setDefinition(text.replace(/\r\n/g, '\n'));
      setFileError(null);
    } catch {
      setFileError(`${file.name} is not UTF-8 text.`);
    }
  };

  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void load(event.dataTransfer.files.item(0));
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <PageTitle text="Submit an experiment" />
        <Group gap="xs">
          <FileButton accept=".yaml,.yml,.json,application/yaml,application/json" onChange={(file) => void load(file)}>
            {(props) => (
              <Button size="xs" variant="default" {...props}>
                Open a file
              </Button>
            )}
          </FileButton>
          {definition.trim() === '' ? (
            <Button size="xs" variant="default" onClick={() => setDefinition(WEB_EXAMPLE)}>
              Insert the web example
            </Button>
          ) : (
            <Button size="xs" variant="default" onClick={() => setDefinition('')}>
              Clear
            </Button>
          )}
        </Group>
      </Group>
      <Text c="dimmed" size="sm">
        YAML as Shadow reads it, or JSON. Type, open a file, or drop one here.
      </Text>
      {fileError !== null && <ErrorNote what="The file was not opened" error={fileError} />}
      <div
        className={isOver ? 'drop-target' : ''}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={onDrop}
      >
        <div className="code editor">
          <DefinitionEditor
            ref={editor}
            value={definition}
            errors={errors}
            notices={validation.notices}
            describedBy={SUMMARY_ID}
            onChange={setDefinition}
            onSubmit={send}
          />
        </div>
      </div>
      <Summary validation={validation} errors={errors} onGoTo={goTo} />
      {submit.isError && refused.length === 0 && (
        <>
          <ErrorNote what="It was not run" error={submit.error} />
          {store.data !== undefined && (
            <Text>
              The definition is stored as experiment{' '}
              <Anchor component={Link} to={`/experiments/${encodeURIComponent(store.data.id)}`}>
                {store.data.name}
              </Anchor>
              .
            </Text>
          )}
        </>
      )}
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Seed"
          w="12rem"
          inputMode="numeric"
          placeholder="empty: the file’s own"
          value={seedText}
          error={seed.error}
          onChange={(event) => setSeedText(event.currentTarget.value)}
        />
        <Button onClick={send} loading={submit.isPending} disabled={isBlocked} title="Ctrl+Enter in the editor">
          Submit and run
        </Button>
      </Group>
    </Stack>
  );
}

interface SummaryProps {
  validation: LiveValidation;
  errors: readonly DefinitionProblem[];
  onGoTo: (problem: DefinitionProblem) => void;
}

function summaryText({ state, notices }: LiveValidation, errors: number): string {
  const noticed = notices.length === 0 ? '' : `, ${formatCount(notices.length, 'notice')}`;
  switch (state.kind) {
    case 'empty':
      return 'Nothing to check yet.';
    case 'too-large':
      return `Too large: a definition is at most ${formatBytes(DEFINITION_LIMIT_BYTES)}.`;
    case 'checking':
      return 'Checking …';
    case 'unreachable':
      return 'Could not be checked.';
    case 'checked':
      return errors === 0 ? `No errors${noticed}.` : `${formatCount(errors, 'error')}${noticed}.`;
  }
}

function Summary({ validation, errors, onGoTo }: SummaryProps) {
  const { state, notices } = validation;
  const isGood = state.kind === 'checked' && errors.length === 0;
  const isBad = errors.length > 0 || state.kind === 'too-large' || state.kind === 'unreachable';
  return (
    <div className="panel-flush">
      <Text
        id={SUMMARY_ID}
        role="status"
        px="sm"
        py={6}
        fw={550}
        data-validation={state.kind}
        className={isBad ? 'tone-bad' : isGood ? 'tone-good' : 'dimmed'}
      >
        {summaryText(validation, errors.length)}
        {state.kind === 'unreachable' && state.error instanceof Error && ` ${state.error.message}`}
      </Text>
      {errors.length > 0 && <ProblemList kind="error" problems={errors} onGoTo={onGoTo} />}
      {notices.length > 0 && <ProblemList kind="notice" problems={notices} onGoTo={onGoTo} />}
    </div>
  );
}

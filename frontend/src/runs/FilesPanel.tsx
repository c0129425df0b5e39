import { Anchor, Group, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hasEnded, type Run } from '../api/run';
import type { RunFile } from '../api/runFile';
import { archiveAddress, fileAddress, listFiles } from '../api/runs';
import { formatBytes } from '../format/bytes';
import { formatCount } from '../format/count';
import { CopyText } from '../shared/CopyText';
import { DataTable, type Column } from '../shared/DataTable';
import { Loading } from '../shared/Loading';
import { Pager } from '../shared/Pager';
import { pageOf } from '../shared/paging';
import { ReadingFailed } from '../shared/ReadingFailed';

const SIZE = 50;
const SHOWN_DIGITS = 12;

export function FilesPanel({ run }: { run: Run }) {
  const ended = hasEnded(run.state);
  const files = useQuery({ queryKey: ['files', run.id], queryFn: ({ signal }) => listFiles(run.id, signal), enabled: ended });
  if (!ended) return null;
  return (
    <section aria-labelledby="files-heading">
      <Title order={2} id="files-heading" mb={6}>
        Files
      </Title>
      {files.isPending && <Loading what="files" />}
      <ReadingFailed what="The files could not be read" query={files} />
      {files.data !== undefined && <FileList run={run} files={files.data} />}
    </section>
  );
}

function FileList({ run, files }: { run: Run; files: readonly RunFile[] }) {
  const [text, setText] = useState('');
  const [wantedPage, setPage] = useState(0);
  if (files.length === 0) {
    return (
      <Text className="panel" c="dimmed">
        This run left no files.
      </Text>
    );
  }
  const wanted = text.trim().toLowerCase();
  const found = wanted === '' ? files : files.filter((file) => file.path.toLowerCase().includes(wanted));
  const { items, page } = pageOf(found, wantedPage, SIZE);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const columns: Column<RunFile>[] = [
    {
      header: 'File',
      lead: true,
      cell: (file) => (
        <Anchor href={fileAddress(run.id, file.path)} download className="mono wrap-anywhere">
          {file.path}
        </Anchor>
      ),
    },
    { header: 'Size', right: true, cell: (file) => <span className="nowrap">{formatBytes(file.bytes)}</span> },
    {
      header: 'SHA-256',
    wide: true,
      cell: (file) => (
        <Group gap={6} wrap="nowrap">
          <span className="mono" title={file.sha256}>
            {file.sha256.slice(0, SHOWN_DIGITS)}
          </span>
          <CopyText text={file.sha256} what={`SHA-256 of ${file.path}`} />
        </Group>
      ),
    },
    { header: 'In the digest', cell: (file) => (file.deterministic ? 'yes' : <span className="dimmed">no</span>) },
  ];
  return (
    <div className="panel-flush">
      <Group gap="md" px="sm" py="xs">
        <TextInput
          size="xs"
          w="13rem"
          aria-label="Filter files by path"
          placeholder="filter by path"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setPage(0);
          }}
        />
        <Text size="xs" c="dimmed">
          {formatCount(files.length, 'file')}, {formatBytes(bytes)}
        </Text>
        <Anchor size="sm" href={archiveAddress(run.id)} download={`${run.experimentName}-${run.id}.zip`}>
          All as archive.zip
        </Anchor>
      </Group>
      {found.length === 0 ? (
        <Text p="md" c="dimmed">
          No file matches.
        </Text>
      ) : (
        <DataTable label="Files" columns={columns} rows={items} rowKey={(file) => file.path} />
      )}
      <Pager page={page} size={SIZE} total={found.length} what="files" onPage={setPage} />
    </div>
  );
}

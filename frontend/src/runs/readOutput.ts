import { send } from '../api/client';
import { filePath } from '../api/runs';
import { parseContentRange, type Piece } from './output';

const RANGE_NOT_SATISFIABLE = 416;
const PARTIAL_CONTENT = 206;

/** Reads one range of a run's file. A service that ignored the range would send all of it: what is beyond `limitBytes` is not read. */
export async function readOutput(
  runId: string,
  path: string,
  range: string,
  limitBytes: number,
  signal?: AbortSignal,
): Promise<Piece> {
  const response = await send(filePath(runId, path), { headers: { Accept: '*/*', Range: range }, signal }, [RANGE_NOT_SATISFIABLE]);
  const place = parseContentRange(response.headers.get('Content-Range'));
  if (response.status === RANGE_NOT_SATISFIABLE) {
    return { start: place?.total ?? 0, bytes: new Uint8Array(), total: place?.total ?? 0 };
  }
  if (response.status === PARTIAL_CONTENT && place !== null) {
    return { start: place.start, bytes: new Uint8Array(await response.arrayBuffer()), total: place.total };
  }
  const length = Number(response.headers.get('Content-Length') ?? '0');
  if (length > limitBytes) {
    await response.body?.cancel();
    throw new Error(`the service sent the whole file instead of a part: bytes=${length}. Download it instead.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { start: 0, bytes, total: bytes.length };
}

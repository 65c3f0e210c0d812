/** Sends a file in pieces: it goes on where it was after a break, and can be given up between two of them. */

import { post, postBytes, Refused } from '../sidebar/api';

interface Begun {
  id: string;
  have: number;
  piece: number;
}

export interface Uploading {
  /** Resolves with the name under which it is in the folder. */
  readonly done: Promise<string>;
  cancel(): void;
}

/** Sends a piece again so often when the runtime does not answer. */
const TRIES = 3;

export function upload(file: File, progress: (share: number) => void): Uploading {
  let cancelled = false;
  let id: string | undefined;
  const work = async () => {
    const begun = await post<Begun>('panel/files', { name: file.name, size: file.size });
    id = begun.id;
    let { have } = begun;
    while (have < file.size) {
      if (cancelled) throw new DOMException('cancelled', 'AbortError');
      progress(have / file.size);
      ({ have } = await piece(begun.id, file, have, begun.piece));
    }
    progress(1);
    return file.name;
  };
  // Leaving the page ends it: that much is asked before it is left, and only now.
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener('beforeunload', warn);
  return {
    done: work().finally(() => removeEventListener('beforeunload', warn)),
    cancel() {
      cancelled = true;
      if (id) post(`panel/files/${id}/drop`).catch(() => undefined);
    },
  };
}

async function piece(id: string, file: File, offset: number, most: number): Promise<{ have: number }> {
  for (let left = TRIES; ; left--) {
    try {
      return await postBytes(`panel/files/${id}?offset=${offset}`, file.slice(offset, offset + most));
    } catch (error) {
      const lost = error instanceof Refused && (error.status === 0 || error.status >= 500);
      if (!lost || left <= 1) throw error;
    }
  }
}

/** What a node has left under the names that it had before. */

import { type JournalStore, journalKey } from './journal';
import { type Book, readBook } from './journal-lines';
import type { GatewaySettings } from './settings';
import { retainedTopics, type Topics, topicsOf } from './topics';

/** What another life of the node has left behind under a name that it has not any more. */
export interface Left {
  topics: Topics;
  book: Book;
  /** What is retained of it; nothing where the name is another gateway's. */
  retained: string[];
  /** Takes the journal away. Error: FILE_NOT_WRITTEN. */
  remove(): void;
}

export function leftByOldNames(store: JournalStore, { gw, node }: GatewaySettings): Left[] {
  return store.list().flatMap(({ key, text }) => {
    if (!key.startsWith(journalKey('')) || key === journalKey(gw) || text === undefined) return [];
    const book = readBook(text);
    if (book?.node !== node) return [];
    const topics = topicsOf(key.slice(journalKey('').length));
    const retained = book.owned ? [...Object.keys(book.published), ...retainedTopics(topics)] : [];
    return [{ topics, book, retained, remove: () => void store.write(key, undefined) }];
  });
}

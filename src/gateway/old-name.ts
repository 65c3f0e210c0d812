/** What a node has left under the names that it had before. */

import { type Journal, type JournalStore, journalKey } from './journal';
import { type Book, type Command, readBook } from './journal-lines';
import type { ReceivedPayload } from './payloads';
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

/**
 * Puts on record under the new name what was not told under the old one. `unknown`: what there is to say of a command that
 * waited. False: not all of it could be put there.
 */
export function inherit(
  { topics: old, book: { owned, mails, commands } }: Left,
  journal: Journal,
  topics: Topics,
  unknown: (command: Command) => object,
): boolean {
  for (const { topic, payload, reply } of mails.values()) {
    if (topic === old.received) {
      // A message that came is nobody else's: the stick does not have it any more.
      const message = payload as ReceivedPayload;
      if (journal.received(message.id, topics.received, message) === 'full') return false;
    } else if (owned) journal.post(topic, payload, reply);
  }
  for (const command of commands.values()) {
    if (owned && command.open) journal.post(old.outcome(command.kind), unknown(command), command.reply);
  }
  return true;
}

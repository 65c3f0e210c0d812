import { versions } from '../shared/versions';

/** What the dialog of e3272-virtual saves. */
export interface SavedVirtual {
  /** Name of the virtual stick. */
  virtual: string;
  firmware: 'hilink' | 'stick';
  /** What a message does to it; `msg`: what its payload says. */
  action: 'msg' | 'plug' | 'boot-pin' | 'unplug' | 'insert-sim' | 'remove-sim';
  /** TCP port of its web server; none where it is empty. */
  web: string;
}

type Version1 = Omit<SavedVirtual, 'web'> & Partial<SavedVirtual>;

export const VIRTUAL = versions<SavedVirtual, Version1>(
  { virtual: 'virtual-1', firmware: 'hilink', action: 'msg', web: '' },
  ({ web = '', ...old }) => ({ ...old, web }),
);

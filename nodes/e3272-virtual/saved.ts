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
  /** Which stick of the family a new one is. */
  model: (typeof VIRTUAL_MODELS)[number];
}

/** What people are offered. */
export const VIRTUAL_MODELS = ['E3272', 'E3276', 'E3372s', 'E3372h', 'E3372h-320'] as const;

type Version2 = Omit<SavedVirtual, 'model'> & Partial<SavedVirtual>;
type Version1 = Omit<Version2, 'web'> & Partial<SavedVirtual>;

export const VIRTUAL = versions<SavedVirtual, Version1, Version2>(
  { virtual: 'virtual-1', firmware: 'hilink', action: 'msg', web: '', model: 'E3272' },
  ({ web = '', ...old }) => ({ ...old, web }),
  ({ model = 'E3272', ...old }) => ({ ...old, model }),
);

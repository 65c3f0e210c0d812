import { versions } from '../shared/versions';

/** What the dialog of e3272-flash saves. */
export interface SavedFlash {
  stick: string;
  /** Paths of files; empty for what a message brings. */
  loader: string;
  firmware: string;
  setport: string;
  /** Web UI of HiLink firmware: the stick becomes a HiLink router. */
  webui: string;
  wayIn: 'auto' | 'boot-pin';
  reflash: boolean;
  dryRun: boolean;
  /** Leaves HiLink by software where a way is known, before the boot pin is asked for. */
  trySoftware: boolean;
  /** Writes without a yes in the message. */
  armed: boolean;
}

/** What people are offered for the ports of a converted stick. */
export const PORT_SETS = { serial: 'FF;10,12', network: 'FF;10,12,16' } as const;

type Version2 = Omit<SavedFlash, 'trySoftware'>;
type Version1 = Omit<Version2, 'webui' | 'wayIn'> & Partial<Version2>;

export const FLASH = versions<SavedFlash, Version1, Version2>(
  {
    stick: '',
    loader: '',
    firmware: '',
    setport: PORT_SETS.serial,
    webui: '',
    wayIn: 'auto',
    trySoftware: false,
    reflash: false,
    dryRun: false,
    armed: false,
  },
  ({ webui = '', wayIn = 'auto', ...old }) => ({ ...old, webui, wayIn }),
  (old) => ({ ...old, trySoftware: false }),
);

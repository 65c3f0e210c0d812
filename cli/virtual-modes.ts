/** Modes in which a virtual stick can be found at first. */
export const SERVED_MODES = ['storage', 'hilink', 'boot', 'loader', 'tty'] as const;
/** And the one in this process: `mbim` is `tty` in a USB configuration without ports. */
export const VIRTUAL_MODES = [...SERVED_MODES, 'mbim'] as const;
export type VirtualMode = (typeof VIRTUAL_MODES)[number];

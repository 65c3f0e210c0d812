/**
 * Makes up loader and firmware files for virtual sticks: right in every checked byte, with nothing of any vendor in
 * them. Their texts say `H6920-VIRTUAL` and `E3272-VIRTUAL`, by which real sticks are kept from them.
 */

export * from './make-firmware';
export * from './make-loader';

/**
 * Names and ids of the family, typed from its facts and not from src/family: what is recognised is held against this.
 * Chips from section 1, operators' names from section 2, ids from section 3 of the facts on the family.
 */

/** Product id of the CD-ROM, ids after the switch. */
export const SWITCHES = `
  14fe: 1506 150f 151d 1c1e
  156a: 156b 156c
  157c: 1506
  157d: 14db 14dc
  1f01: 14db 14dc
  15ca: 1506
  15cd: 1506
  15cf: 1506
  15ce: 15b1 15b3
  15e7: 1506
  15d2: 15d3
  1f16: 14f8 1575
  15ec: 1c26
  1f1e: 157f 1592
  15ee: 1c28
  1582: 1588`;

/** Ids that the facts give to one model: the model that is refused by its id alone. */
export const ONE_MODEL =
  '15cf E3372s, 15ce E3531, 15e7 E3531, 15d2 E3531, 1f16 K5150, 15ec K5150, 1f1e K5160, 15ee K5160, 1582 R215';

/** How sticks and files name models: the model that is meant, its chip, and whether it is written. `-`: nobody has told. */
export const MODELS = `
  E3272 | E3272 | V7R1 | written
  E3272s-153 | E3272 | V7R1 | written
  E3272S-600 | E3272 | V7R1 | written
  E3272s-927 | E3272 | V7R1 | written
  CL1E3272SM | E3272 | V7R1 | written
  E3276 | E3276 | V7R1 | written
  E3276s-920 | E3276 | V7R1 | written
  E3276s-151 | E3276 | V7R1 | written
  E5372 | E5372 | V7R1 | never
  E8278 | E8278 | V7R1 | never
  E3372s | E3372s | V7R2 | never
  E3372s-153 | E3372s | V7R2 | never
  E5373 | E5373 | V7R2 | never
  E5377 | E5377 | V7R2 | never
  E5786 | E5786 | V7R2 | never
  E3372h | E3372h | V7R11 | never
  E3372h-153 | E3372h | V7R11 | never
  E3372h-320 | E3372h | V7R11 | never
  E3372h-607 | E3372h | V7R11 | never
  CL2E3372HM | E3372h | V7R11 | never
  E3372 | E3372 | - | never
  E8372h | E8372 | V7R11 | never
  E8372h-153 | E8372 | V7R11 | never
  E8372h-517 | E8372h-517 | V7R11 | never
  E8372h-608 | E8372h-517 | V7R11 | never
  E5573 | E5573 | V7R11 | never
  E5573s-320 | E5573 | V7R11 | never
  E5577 | E5577 | V7R11 | never
  E5770 | E5770 | V7R11 | never
  B310 | B310 | V7R11 | never
  B315s-22 | B315 | V7R11 | never
  E5785 | E5785 | V7R22, V7R5 or V7R65 | never
  E5885 | E5885 | V7R22, V7R5 or V7R65 | never
  B525 | B525 | V7R22, V7R5 or V7R65 | never
  E3531 | E3531 | V3R3 | never
  E3531s-2 | E3531 | V3R3 | never
  E8231 | E8231 | V3R3 | never
  E3131 | E3131 | V3R3 | never
  E3131h | E3131 | V3R3 | never
  E5776 | E5776 | - | never
  E3251 | E3251 | - | never
  E3331 | E3331 | - | never
  K5150 | K5150 | - | never
  K5160 | K5160 | - | never
  R215 | R215 | - | never`;

/** Names of operators, and the models that have had them. */
export const OPERATORS = `
  MegaFon M100-4: E3272
  MTS 824F: E3272
  MTS 824FT: E3272
  MTS 827F: E3372
  MTS 829F: E3372
  MTS 829FT: E3372
  MegaFon M150-2: E3372
  Telekom Speedstick V: E3372`;

/** Sticks of other vendors: id, and what it is called. */
export const STRANGERS =
  '3566:2001 E3372-325, 3566:2002 Marvell, 3566:0001 Marvell, 19d2:1225 MF823, 19d2:1403 MF823, 19d2:1405 MF823';

/** Step by step, section 4: default of AT^SETPORT=?, and what people set. */
export const PORTS =
  'E3272 FF;10,12 FF;10,12,16, E3276 FF;10,12 FF;10,12,16, E3372s FF;12,10 FF;12,10,16, E3372h FF;12,1 FF;12,1,16';

/** The rows of a list, by lines or by commas. */
export const rows = (text: string): string[] =>
  text
    .trim()
    .split(/\n|, (?=[0-9a-f]{4}[ :]|E\d{4})/)
    .map((row) => row.trim());

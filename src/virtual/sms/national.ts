/**
 * National language tables of 3GPP 23.038, annex A, by their identifiers. Written out code by code, apart from the driver's
 * own, so that each is the judge of the other.
 */

/** Characters by code. */
export type Table = ReadonlyMap<number, string>;

const NAMES: Readonly<Record<string, string>> = { LF: '\n', FF: '\f', CR: '\r', ESC: '\x1b', SP: ' ' };

/** `0985-098b`, `a-z`: from - to; `_` a code without a character; `0c90` a code point; else the character itself. */
function table(words: string): Table {
  const characters = words
    .trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [from, to] = /^(\w+)-(\w+)$/.exec(word)?.slice(1).map(codePoint) ?? [];
      if (from === undefined || to === undefined) return [word === '_' ? '' : (NAMES[word] ?? character(word))];
      return Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n));
    });
  return new Map([...characters.entries()].filter(([, c]) => c !== ''));
}

const codePoint = (word: string): number =>
  word.length === 4 ? Number.parseInt(word, 16) : (word.codePointAt(0) as number);
const character = (word: string): string => (word.length === 4 ? String.fromCodePoint(codePoint(word)) : word);

/** By language, as {@link SINGLE}: 1 Turkish, 3 Portuguese; 2 Spanish has none. */
export const LOCKING: Readonly<Record<number, Table>> = {
  1: table(`
    @ £ $ ¥ € é ù ı ò Ç LF Ğ ğ CR Å å Δ 005f Φ Γ Λ Ω Π Ψ Σ Θ Ξ ESC Ş ş ß É
    SP ! " # ¤ % & ' ( ) * + , - . / 0-9 : ; < = > ?
    İ A-Z Ä Ö Ñ Ü § ç a-z ä ö ñ ü à`),
  3: table(`
    @ £ $ ¥ ê é ú í ó ç LF Ô ô CR Á á Δ 005f ª Ç À ∞ ^ \\ € Ó | ESC Â â Ê É
    SP ! " # º % & ' ( ) * + , - . / 0-9 : ; < = > ?
    Í A-Z Ã Õ Ú Ü § ~ a-z ã õ \` ü à`),
  // Bengali and Assamese.
  4: table(`
    0981-0983 0985-098b LF 098c _ CR _ 098f 0990 _ _ 0993-099a ESC 099b-099e
    SP ! 099f-09a4 ) ( 09a5 09a6 , 09a7 . 09a8 0-9 : ; _ 09aa 09ab ?
    09ac-09b0 _ 09b2 _ _ _ 09b6-09b9 09bc 09bd 09be-09c4 _ _ 09c7 09c8 _ _ 09cb-09cd
    09ce a-z 09d7 09dc 09dd 09f0 09f1`),
  // Gujarati.
  5: table(`
    0a81-0a83 0a85-0a8b LF 0a8c 0a8d CR _ 0a8f 0a90 0a91 _ 0a93-0a9a ESC 0a9b-0a9e
    SP ! 0a9f-0aa4 ) ( 0aa5 0aa6 , 0aa7 . 0aa8 0-9 : ; _ 0aaa 0aab ?
    0aac-0ab0 _ 0ab2 0ab3 _ 0ab5-0ab9 0abc 0abd 0abe-0ac5 _ 0ac7-0ac9 _ 0acb-0acd
    0ad0 a-z 0ae0-0ae3 0af1`),
  // Hindi.
  6: table(`
    0901-0903 0905-090b LF 090c 090d CR 090e 090f 0910-091a ESC 091b-091e
    SP ! 091f-0924 ) ( 0925 0926 , 0927 . 0928 0-9 : ; 0929-092b ?
    092c-0939 093c 093d 093e-094d
    0950 a-z 0972 097b 097c 097e 097f`),
  // Kannada.
  7: table(`
    _ 0c82 0c83 0c85-0c8b LF 0c8c _ CR 0c8e 0c8f 0c90 _ 0c92-0c9a ESC 0c9b-0c9e
    SP ! 0c9f-0ca4 ) ( 0ca5 0ca6 , 0ca7 . 0ca8 0-9 : ; _ 0caa 0cab ?
    0cac-0cb3 _ 0cb5-0cb9 0cbc 0cbd 0cbe-0cc4 _ 0cc6-0cc8 _ 0cca-0ccd
    0cd5 a-z 0cd6 0ce0-0ce3`),
  // Malayalam.
  8: table(`
    _ 0d02 0d03 0d05-0d0b LF 0d0c _ CR 0d0e 0d0f 0d10 _ 0d12-0d1a ESC 0d1b-0d1e
    SP ! 0d1f-0d24 ) ( 0d25 0d26 , 0d27 . 0d28 0-9 : ; _ 0d2a 0d2b ?
    0d2c-0d39 _ 0d3d 0d3e-0d44 _ 0d46-0d48 _ 0d4a-0d4d
    0d57 a-z 0d60-0d63 0d79`),
  // Oriya.
  9: table(`
    0b01-0b03 0b05-0b0b LF 0b0c _ CR _ 0b0f 0b10 _ _ 0b13-0b1a ESC 0b1b-0b1e
    SP ! 0b1f-0b24 ) ( 0b25 0b26 , 0b27 . 0b28 0-9 : ; _ 0b2a 0b2b ?
    0b2c-0b30 _ 0b32 0b33 _ 0b35-0b39 0b3c 0b3d 0b3e-0b44 _ _ 0b47 0b48 _ _ 0b4b-0b4d
    0b56 a-z 0b57 0b60-0b63`),
  // Punjabi.
  10: table(`
    0a01-0a03 0a05-0a0a _ LF _ _ CR _ 0a0f 0a10 _ _ 0a13-0a1a ESC 0a1b-0a1e
    SP ! 0a1f-0a24 ) ( 0a25 0a26 , 0a27 . 0a28 0-9 : ; _ 0a2a 0a2b ?
    0a2c-0a30 _ 0a32 0a33 _ 0a35 0a36 _ 0a38 0a39 0a3c _ 0a3e-0a42 _ _ _ _ 0a47 0a48 _ _ 0a4b-0a4d
    0a51 a-z 0a70-0a74`),
  // Tamil.
  11: table(`
    _ 0b82 0b83 0b85-0b8a _ LF _ _ CR 0b8e 0b8f 0b90 _ 0b92-0b95 _ _ _ 0b99 0b9a ESC _ 0b9c _ 0b9e
    SP ! 0b9f _ _ _ 0ba3 0ba4 ) ( _ _ , _ . 0ba8 0-9 : ; 0ba9 0baa _ ?
    _ _ 0bae-0bb9 _ _ 0bbe-0bc2 _ _ _ 0bc6-0bc8 _ 0bca-0bcd
    0bd0 a-z 0bd7 0bf0-0bf2 0bf9`),
  // Telugu.
  12: table(`
    0c01-0c03 0c05-0c0b LF 0c0c _ CR 0c0e 0c0f 0c10 _ 0c12-0c1a ESC 0c1b-0c1e
    SP ! 0c1f-0c24 ) ( 0c25 0c26 , 0c27 . 0c28 0-9 : ; _ 0c2a 0c2b ?
    0c2c-0c33 _ 0c35-0c39 _ 0c3d 0c3e-0c44 _ 0c46-0c48 _ 0c4a-0c4d
    0c55 a-z 0c56 0c60-0c63`),
  // Urdu.
  13: table(`
    0627 0622 0628 067b 0680 067e 06a6 062a 06c2 067f LF 0679 067d CR 067a 067c
    062b 062c 0681 0684 0683 0685 0686 0687 062d 062e 062f ESC 068c 0688 0689 068a
    SP ! 068f 068d 0630 0631 0691 0693 ) ( 0699 0632 , 0696 . 0698 0-9 : ; 069a 0633 0634 ?
    0635 0636 0637 0638 0639 0641 0642 06a9 06aa 06ab 06af 06b3 06b1 0644 0645 0646
    06ba 06bb 06bc 0648 06c4 06d5 06c1 06be 0621 06cc 06d0 06d2 064d 0650 064f 0657
    0654 a-z 0655 0651 0653 0656 0670`),
};

/** Rows 0 to 6 of an Indian table, which differ in little: row 1 from its tenth code on, 2 around the brackets, 3. */
const indian = (first: string, second: string, third: string, fourth: string, last = '_'): Table =>
  table(`
    @ £ $ ¥ ¿ " ¤ % & ' FF * + _ 002d / < = > ¡ ^ ¡ 005f # * ${first}
    ${second} { } ${third} \\ ${fourth} [ ~ ] ${last}
    | A-Z _ _ _ _ _ _ _ _ _ _ €`);

/** By language: 1 Turkish, 2 Spanish, 3 Portuguese, then in the order of {@link LOCKING}. */
export const SINGLE: Readonly<Record<number, Table>> = {
  1: table(`
    _ _ _ _ _ _ _ _ _ _ FF _ _ _ _ _ _ _ _ _ ^ _ _ _ _ _ _ _ _ _ _ _
    _ _ _ _ _ _ _ _ { } _ _ _ _ _ \\ _ _ _ _ _ _ _ _ _ _ _ _ [ ~ ] _
    | _ _ _ _ _ _ Ğ _ İ _ _ _ _ _ _ _ _ _ Ş _ _ _ _ _ _ _ _ _ _ _ _
    _ _ _ ç _ € _ ğ _ ı _ _ _ _ _ _ _ _ _ ş`),
  2: table(`
    _ _ _ _ _ _ _ _ _ ç FF _ _ _ _ _ _ _ _ _ ^ _ _ _ _ _ _ _ _ _ _ _
    _ _ _ _ _ _ _ _ { } _ _ _ _ _ \\ _ _ _ _ _ _ _ _ _ _ _ _ [ ~ ] _
    | Á _ _ _ _ _ _ _ Í _ _ _ _ _ Ó _ _ _ _ _ Ú _ _ _ _ _ _ _ _ _ _
    _ á _ _ _ € _ _ _ í _ _ _ _ _ ó _ _ _ _ _ ú`),
  3: table(`
    _ _ _ _ _ ê _ _ _ ç FF Ô ô _ Á á _ _ Φ Γ ^ Ω Π Ψ Σ Θ _ _ _ _ _ Ê
    _ _ _ _ _ _ _ _ { } _ _ _ _ _ \\ _ _ _ _ _ _ _ _ _ _ _ _ [ ~ ] _
    | À _ _ _ _ _ _ _ Í _ _ _ _ _ Ó _ _ _ _ _ Ú _ _ _ _ _ Ã Õ _ _ _
    _ Â _ _ _ € _ _ _ í _ _ _ _ _ ó _ _ _ _ _ ú _ _ _ _ _ ã õ _ _ â`),
  4: indian('09e6 09e7 _ 09e8-09eb', '09ec-09ef 09df-09e2', '09e3 09f2-09f5', '09f6-09fa _ _ _ _ _ _ _'),
  5: indian('0964 0965 _ 0ae6-0ae9', '0aea-0aef _ _', '_ _ _ _ _', '_ _ _ _ _ _ _ _ _ _ _ _'),
  6: indian('0964 0965 _ 0966-0969', '096a-096f 0951 0952', '0953 0954 0958-095a', '095b-0963 0970 0971 _'),
  7: indian('0964 0965 _ 0ce6-0ce9', '0cea-0cef 0cde 0cf1', '0cf2 _ _ _ _', '_ _ _ _ _ _ _ _ _ _ _ _'),
  8: indian('0964 0965 _ 0d66-0d69', '0d6a-0d6f 0d70 0d71', '0d72-0d75 0d7a', '0d7b-0d7f _ _ _ _ _ _ _'),
  9: indian('0964 0965 _ 0b66-0b69', '0b6a-0b6f 0b5c 0b5d', '0b5f 0b70 0b71 _ _', '_ _ _ _ _ _ _ _ _ _ _ _'),
  10: indian('0964 0965 _ 0a66-0a69', '0a6a-0a6f 0a59 0a5a', '0a5b 0a5c 0a5e 0a75 _', '_ _ _ _ _ _ _ _ _ _ _ _'),
  11: indian('0964 0965 _ 0be6-0be9', '0bea-0bef 0bf3 0bf4', '0bf5-0bf8 0bfa', '_ _ _ _ _ _ _ _ _ _ _ _'),
  12: indian('_ _ _ 0c66-0c69', '0c6a-0c6f 0c58 0c59', '0c78-0c7c', '0c7d-0c7f _ _ _ _ _ _ _ _ _'),
  13: indian(
    '0600 0601 _ 06f0-06f3',
    '06f4-06f9 060c 060d',
    '060e-0612',
    '0613 0614 061b 061f 0640 0652 0658 066b 066c 0672 0673 06cd',
    '06d4',
  ),
};

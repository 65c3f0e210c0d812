/**
 * What all readers of answers share. A reader never gives NaN, null or '': what it cannot read, or what the stick leaves
 * empty, is undefined and goes out of the value.
 */

import { decimal } from '../at/read';
import { countOf, type Range } from '../values/shape';
import type { Element } from './xml';

interface Ranged {
  readonly range: Range;
}

/**
 * An element of an answer, asked by the names of what is in it, in any case: firmware writes `Username` and `username`,
 * `SimlockStatus` and `simlockStatus`.
 */
export class Fields {
  /** In the order of the answer. */
  readonly elements: readonly Element[];
  readonly #children: ReadonlyMap<string, readonly Element[]>;

  constructor(element: Element | undefined) {
    this.elements = element?.children ?? [];
    const children = new Map<string, Element[]>();
    for (const child of this.elements) {
      const name = child.name.toLowerCase();
      const same = children.get(name);
      if (same) same.push(child);
      else children.set(name, [child]);
    }
    this.#children = children;
  }

  has(name: string): boolean {
    return this.#children.has(name.toLowerCase());
  }

  /** As it came, also ''; undefined where it is missing, or there twice with two values. */
  raw(name: string): string | undefined {
    const [first, ...more] = this.#of(name);
    return first && first.children.length === 0 && more.every(({ text }) => text === first.text)
      ? first.text
      : undefined;
  }

  /** The first of `names` that is not empty, without blanks around it. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const text = this.raw(name)?.trim();
      if (text) return text;
    }
    return undefined;
  }

  /** A whole decimal number within the range of a member. */
  whole(name: string, member: Ranged): number | undefined {
    return decimal(this.text(name), member);
  }

  /** A number as text, for codes with a table. */
  code(...names: string[]): number | undefined {
    const text = this.text(...names);
    return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
  }

  /** A measured value: `-13.0dB`, `>=-44dBm`, `10MHz`, without its unit. */
  measured(name: string, { range: [least, most] }: Ranged): number | undefined {
    const digits = /^[<>]?=?\s*([+-]?\d{1,9}(?:\.\d{1,6})?)\s*[a-z]*$/i.exec(this.text(name) ?? '')?.[1];
    const value = digits === undefined ? Number.NaN : Number(digits) + 0;
    return value >= least && value <= most ? value : undefined;
  }

  counter(name: string): number | string | undefined {
    const text = this.text(name);
    return text !== undefined && /^\d{1,20}$/.test(text) ? countOf(BigInt(text)) : undefined;
  }

  /** 0 or 1. */
  flag(...names: string[]): boolean | undefined {
    return { '0': false, '1': true }[this.text(...names) ?? ''];
  }

  /** An address that is one: not 0.0.0.0, not ::. */
  address(name: string): string | undefined {
    return addressOf(this.text(name));
  }

  /** The elements `item` inside `list`, one or many. */
  list(list: string, item: string): Fields[] {
    return this.#of(list).flatMap(({ children }) =>
      children.filter(({ name }) => isSame(name, item)).map((child) => new Fields(child)),
    );
  }

  /** The texts of the elements `item` inside `list`. */
  texts(list: string, item: string): string[] {
    return this.#of(list).flatMap(({ children }) =>
      children.flatMap(({ name, text }) => (isSame(name, item) && text.trim() !== '' ? [text.trim()] : [])),
    );
  }

  #of(name: string): readonly Element[] {
    return this.#children.get(name.toLowerCase()) ?? [];
  }
}

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

export function addressOf(text: string | undefined): string | undefined {
  const address = text?.trim() ?? '';
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const octets = address.split('.').map(Number);
    return octets.every((octet) => octet <= 255) && octets.some((octet) => octet > 0) ? address : undefined;
  }
  return /^[0-9a-f:]{3,39}$/i.test(address) && address.includes(':') && /[1-9a-f]/i.test(address) ? address : undefined;
}

/** Those of `texts` that are addresses, each once; undefined where there is none. */
export function addresses(...texts: (string | undefined)[]): string[] | undefined {
  const found = texts.flatMap((text) => (text ?? '').split(',')).flatMap((text) => addressOf(text) ?? []);
  return found.length > 0 ? [...new Set(found)] : undefined;
}

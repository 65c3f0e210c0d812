/** Elements without a framework: what is shown is text, whatever it comes from. */

type Child = Node | string | undefined | false;

interface Props {
  class?: string;
  text?: string;
  /** Attributes; false and undefined: none of it. */
  attr?: Readonly<Record<string, string | number | boolean | undefined>>;
  on?: Readonly<Record<string, (event: Event) => void>>;
}

function dress<E extends Element>(element: E, { class: name, text, attr = {}, on = {} }: Props, children: Child[]): E {
  if (name) element.setAttribute('class', name);
  if (text !== undefined) element.textContent = text;
  setAttributes(element, attr);
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  for (const child of children) if (child) element.append(child);
  return element;
}

export function setAttributes(element: Element, attr: NonNullable<Props['attr']>): void {
  for (const [name, value] of Object.entries(attr)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] => dress(document.createElement(tag), props, children);

export const svg = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[K] => dress(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);

/** Only what differs: who reads or selects it is not disturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, is: boolean): void {
  element.hidden = !is;
}

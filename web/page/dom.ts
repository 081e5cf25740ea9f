/** Making elements. */

type Child = Node | string | null | undefined | false;

/** Make an element with attributes (a function is a listener, `true` an attribute without a value) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: { [name: string]: string | number | boolean | ((event: Event) => void) | undefined } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return element;
}

let made = 0;

/** Return an identifier that no other element has. */
export function fresh(name: string): string {
  made += 1;
  return `${name}-${made}`;
}

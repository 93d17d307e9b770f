/** Characters with which a text could take over the terminal; a tab is none of them. */
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g

export function hasControlCharacters(text: string): boolean {
  return text.search(CONTROL) >= 0
}

/** The text as a terminal may get it. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd')
}

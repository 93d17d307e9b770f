import type { Frame, Page } from 'puppeteer-core'

/** The page as whoever reads it sees it. */
export class Seen {
  readonly page: Page | Frame

  constructor(page: Page | Frame) {
    this.page = page
  }

  /** The text of everything that matches, a line each; cells apart by ` | `. */
  async texts(selector: string): Promise<string[]> {
    return this.page.$$eval(selector, (elements) =>
      elements.map((element) => {
        const cells = element.matches('tr') ? [...element.children] : [element]
        return cells.map((cell) => cell.textContent.trim()).join(' | ')
      }),
    )
  }

  async text(selector: string): Promise<string> {
    return (await this.texts(selector)).join('\n')
  }

  /** The rows of a table of the list, by its caption. */
  async rows(caption: string): Promise<string[]> {
    return this.page.$$eval(
      '.list table',
      (tables, caption) => {
        const table = tables.find((each) => each.caption?.textContent.startsWith(caption) === true)
        return [...(table?.tBodies[0]?.rows ?? [])].map((row) =>
          [...row.cells].map((cell) => cell.textContent.trim()).join(' | '),
        )
      },
      caption,
    )
  }

  /** Presses a button by what is written on it. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria(${name}[role="button"])`).click()
  }
}

/** A page of the browser that is told what to do, and whose errors are told. */
export class BrowserPage {
  #page
  #error

  /** Opens it in a window of its own: behind another one of the same window it would be slowed down. */
  static async open(browser, url) {
    const page = new BrowserPage(await browser.newPage({ type: 'window' }))
    try {
      await page.#goto(url)
      return page
    } catch (error) {
      page.kill()
      throw error
    }
  }

  constructor(page) {
    this.#page = page
    page.on('pageerror', (error) => (this.#error ??= error))
    /** Resolves with how it ended, if it does by itself. */
    this.ended = new Promise((resolve) => page.on('error', () => resolve('its page crashed')))
  }

  /** Calls what page.mjs has. */
  async call(name, ...args) {
    const { value, error } = await this.#page.evaluate(
      (name, args) =>
        globalThis.bench[name](...args).then(
          (value) => ({ value }),
          (error) => ({ error: String(error?.message ?? error) }),
        ),
      name,
      args,
    )
    if (error !== undefined) throw new Error(error)
    return value
  }

  kill() {
    void this.#page.close().catch(() => undefined)
  }

  async #goto(url) {
    await this.#page.goto(url)
    if (this.#error !== undefined) throw new Error(String(this.#error.message ?? this.#error).split('\n', 1)[0])
  }
}

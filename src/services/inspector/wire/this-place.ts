/** The process or page that this runs in, as it introduces itself. */
export interface Place {
  readonly platform: 'node' | 'browser'
  /** `process 4711`, or the page's user agent. */
  readonly detail: string
  /** `process 4711`, or the page's title. */
  readonly name: string
}

/** Of a page, as far as it is used; the types of the platform's DOM are not at hand where the same code runs in Node. */
interface Page {
  readonly document?: { readonly title: string }
  readonly navigator?: { readonly userAgent: string }
}

/** Characters of a page's title and user agent, which are anybody's. */
const MAX_NAME = 200

export function thisPlace(): Place {
  const { document, navigator } = globalThis as Page
  // Electron's pages have a `process` too.
  if (document === undefined && typeof process !== 'undefined') {
    const name = `process ${process.pid}`
    return { platform: 'node', detail: name, name }
  }
  const title = document?.title.slice(0, MAX_NAME) ?? ''
  return {
    platform: 'browser',
    detail: navigator?.userAgent.slice(0, MAX_NAME) ?? '',
    name: title === '' ? 'page' : title,
  }
}

/** A name for a source that nobody else has. */
export function randomSource(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

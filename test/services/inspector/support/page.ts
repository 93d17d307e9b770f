import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A small page in a directory of its own, with something beside it that is nobody's business. */
export class TestPage {
  readonly directory: string
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
    this.directory = path.join(root, 'page')
  }

  static async make(): Promise<TestPage> {
    const page = new TestPage(await mkdtemp(path.join(tmpdir(), 'inspector-')))
    await mkdir(path.join(page.directory, 'assets'), { recursive: true })
    await page.write('page/index.html', '<!doctype html><title>inspector</title>')
    await page.write('page/assets/index.js', 'run()')
    await page.write('page/assets/index.css', 'body {}')
    await page.write('page/notes.md', 'not for the web')
    await page.write('secret.js', 'outside')
    return page
  }

  /** @returns the file. */
  async write(name: string, content: string): Promise<string> {
    const file = path.join(this.#root, name)
    await writeFile(file, content)
    return file
  }

  file(name: string): string {
    return path.join(this.#root, name)
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}

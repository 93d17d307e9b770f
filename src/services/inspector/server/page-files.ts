import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Media types by extension. */
export type MediaTypes = Readonly<Record<string, string>>

/** A file of a page, as it is answered. */
export interface PageFile {
  readonly type: string
  readonly body: Uint8Array
}

/**
 * Reads a built page into memory: only what was there at the start is ever given out, whatever is asked for later.
 *
 * @param directory - with the files; it may be missing.
 * @param types - files with other extensions are left out.
 * @returns the files by their paths in an address, as `/assets/index.js`.
 */
export async function readPageFiles(directory: string, types: MediaTypes): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>()
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  for (const name of names) {
    const type = types[path.extname(name)]
    if (type === undefined) continue
    files.set(`/${name.split(path.sep).join('/')}`, { type, body: await readFile(path.join(directory, name)) })
  }
  return files
}

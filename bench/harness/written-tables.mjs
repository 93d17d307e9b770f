/** Tables that a bench writes into a page of the docs, between the comments `<!-- NAME -->` and `<!-- /NAME -->`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

/** @param rows - of equal keys. */
export function markdownTable(rows) {
  const keys = Object.keys(rows[0])
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(keys), line(keys.map(() => '---')), ...rows.map((row) => line(keys.map((key) => row[key])))].join('\n')
}

/** When, on what, with which Node the figures were made. */
export function circumstances() {
  const [{ model }] = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model.trim()}, ${gigabytes} GB, ${process.platform}, Node ${process.version}`
}

/**
 * @param page - its path in the repository.
 * @param parts - texts and tables, one below the other.
 */
export async function writeTables(page, name, parts) {
  const file = fileURLToPath(new URL(`../../${page}`, import.meta.url))
  const text = readFileSync(file, 'utf8')
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${name}.`)
  const written = [text.slice(0, from) + begin, ...parts, text.slice(to)].join('\n\n')
  writeFileSync(file, await format(written, { ...(await resolveConfig(file)), filepath: file }))
}

import type { Recording } from '../model/recording.ts'
import { RecordingError, RecordingReader } from '../model/recording-reader.ts'

/** A file that somebody chose or dropped. @throws RecordingError */
export async function openFile(file: File): Promise<Recording> {
  return read(file.name, file.stream())
}

/**
 * A recording that the server of this page has.
 *
 * @param page - the address of this page; its token is needed there too.
 * @throws RecordingError
 */
export async function openUrl(address: string, page: URL): Promise<Recording> {
  const url = new URL(address, page)
  if (url.origin !== page.origin) {
    throw new RecordingError(`${url.origin} is another host. Download the recording, and open it as a file.`)
  }
  const token = page.searchParams.get('token')
  if (token !== null && !url.searchParams.has('token')) url.searchParams.set('token', token)
  const name = url.pathname.split('/').at(-1) ?? address
  const response = await fetch(url).catch((error: unknown) => {
    throw new RecordingError(`${name} cannot be loaded: ${error instanceof Error ? error.message : String(error)}.`)
  })
  if (!response.ok || !response.body) {
    throw new RecordingError(`${name} cannot be loaded: the server answers ${response.status} ${response.statusText}.`)
  }
  return read(name, response.body)
}

async function read(name: string, stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Recording> {
  const reader = new RecordingReader(name)
  const texts = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await texts.read()
    if (done) return reader.finish()
    reader.push(value)
  }
}

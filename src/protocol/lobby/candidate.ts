import type { IceCandidate } from '../../transport/peer-connection.ts'

/** A candidate as the data of a CANDIDATE message: `"\n" + mid + "\n" + index + "\n" + candidate`. */
export function encodeCandidate({ media, index, name }: IceCandidate): string {
  return `\n${media}\n${index}\n${name}`
}

/** Reads what {@link encodeCandidate} writes, as Godot's demo does: exactly three fields that are not empty, the second a whole number. Null for anything else. */
export function decodeCandidate(data: string): IceCandidate | null {
  const [media, index, name, ...more] = data.split('\n').filter((field) => field !== '')
  if (media === undefined || index === undefined || name === undefined || more.length > 0) return null
  return /^\d{1,5}$/.test(index) ? { media, index: Number(index), name } : null
}

// The packets of the page that visits the demo (examples/browser-cursors/src/wire.ts), as far as the demo's own peers speak its language.

/** Place on the stage: 0 is left or top, 1 is right or bottom. */
export function encodeCursor(x: number, y: number): Uint8Array {
  const packet = new DataView(new ArrayBuffer(5))
  packet.setUint8(0, 1)
  packet.setUint16(1, Math.round(x * 0xffff))
  packet.setUint16(3, Math.round(y * 0xffff))
  return new Uint8Array(packet.buffer)
}

/** @param hue - degrees, 0 to 359. */
export function encodeHello(name: string, hue: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ is: 'hello', name, hue }))
}

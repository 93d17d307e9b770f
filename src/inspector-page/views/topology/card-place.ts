import type { Box } from './ring-layout.ts'
import type { Point, Size } from './view-box.ts'

/** Between what a card is about and the card. */
const AWAY = 14
const MARGIN = 8

/**
 * Where a card's upper left corner goes: to the right of what it is about, or else to the left, below or above, wherever there is room for it beside that; inside its place on the page in
 * any case.
 */
export function placeCard(about: Box, card: Size, room: Size): Point {
  const middle = { x: about.x + (about.width - card.width) / 2, y: about.y + (about.height - card.height) / 2 }
  const places: readonly Point[] = [
    { x: about.x + about.width + AWAY, y: middle.y },
    { x: about.x - AWAY - card.width, y: middle.y },
    { x: middle.x, y: about.y + about.height + AWAY },
    { x: middle.x, y: about.y - AWAY - card.height },
  ]
  const within = places.map((place, index) => {
    const inside = {
      x: Math.max(MARGIN, Math.min(place.x, room.width - card.width - MARGIN)),
      y: Math.max(MARGIN, Math.min(place.y, room.height - card.height - MARGIN)),
    }
    // Sliding along what it is about covers nothing, sliding over it does.
    const covers = index < 2 ? inside.x !== place.x : inside.y !== place.y
    return { inside, covers }
  })
  return (within.find(({ covers }) => !covers) ?? within[0])?.inside ?? { x: MARGIN, y: MARGIN }
}

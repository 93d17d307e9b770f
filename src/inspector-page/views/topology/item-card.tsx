import type { ReactNode } from 'react'
import type { InspectorState } from '../../model/state.ts'
import { describeLink, describePeer, END_ROWS } from './description.ts'
import type { Item } from './item.ts'
import type { Scene } from './scene.ts'

interface ItemCardProps {
  readonly id: string
  readonly state: InspectorState
  readonly scene: Scene
  readonly item: Item
}

/** What is known of the peer or link that is pointed at or has the focus. */
export function ItemCard({ id, state, scene, item }: ItemCardProps): ReactNode {
  const peer = item.kind === 'peer' ? scene.peers.get(item.key) : undefined
  if (peer) {
    const source = state.sources.get(state.actors.get(peer.meshId ?? '')?.source ?? '')
    const { name, rows } = describePeer(scene, peer, source?.name ?? null)
    return (
      <div className="topology-card" id={id} role="tooltip">
        <strong>{name}</strong>
        <dl>
          {rows.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    )
  }
  const link = item.kind === 'link' ? scene.links.get(item.key) : undefined
  if (!link) return null
  const { name, ends, path, verdict } = describeLink(link)
  return (
    <div className="topology-card" id={id} role="tooltip">
      <strong>{name}</strong>
      {verdict !== '' && <p className="topology-card-verdict">{verdict}</p>}
      <table>
        <thead>
          <tr>
            <td />
            {ends.map((end) => (
              <th key={end.id} scope="col">
                peer {end.id} says
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {END_ROWS.map((row, index) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {ends.map((end) => (
                <td key={end.id}>{end.values?.[index] ?? '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {path !== '' && <p className="topology-card-path">{path}</p>}
    </div>
  )
}

import Elk from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { ElkNode } from 'elkjs/lib/elk-api.js'

let elk: InstanceType<typeof Elk.default> | null = null

/** Lays out a graph in a worker of its own, so that the page does not stand still meanwhile; it is loaded with the first graph: 1.5 MB. */
export function layOut(graph: ElkNode): Promise<ElkNode> {
  elk ??= new Elk.default({ workerFactory: () => new Worker(elkWorkerUrl) })
  return elk.layout(graph)
}

import { useEffect, useState } from 'react'
import type { MachineDefinition } from '../../../services/inspector/wire/definition.ts'
import { ChartCache, type LaidOutChart } from './chart-cache.ts'
import { layOut } from './elk-worker.ts'
import { measureText } from './text-measure.ts'

const cache = new ChartCache(layOut, measureText)

/** A chart that is laid out, is being laid out, or cannot be. */
export type ChartProgress =
  | { readonly step: 'ready'; readonly laidOut: LaidOutChart }
  | { readonly step: 'waiting' }
  | { readonly step: 'failed'; readonly error: string }

export function useChart(definition: MachineDefinition | undefined): ChartProgress {
  const [progress, setProgress] = useState<{ of: MachineDefinition; progress: ChartProgress } | null>(null)
  useEffect(() => {
    if (!definition || cache.peek(definition)) return
    let isWanted = true
    const tell = (progress: ChartProgress): void => {
      if (isWanted) setProgress({ of: definition, progress })
    }
    cache.get(definition).then(
      (laidOut) => tell({ step: 'ready', laidOut }),
      (error: unknown) => tell({ step: 'failed', error: String(error) }),
    )
    return () => {
      isWanted = false
    }
  }, [definition])
  const ready = definition && cache.peek(definition)
  if (ready) return { step: 'ready', laidOut: ready }
  return progress?.of === definition && progress ? progress.progress : { step: 'waiting' }
}

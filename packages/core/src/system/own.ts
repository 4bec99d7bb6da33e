import type { System } from '../definition/system.js'
import { processRecord } from '../process/record.js'
import { createSystem } from './create-system.js'

/** The one system that each process has by itself, for pools and queues that name none. Made when first asked for. */
export function ownSystem(): System {
  const record = processRecord()
  record.own ??= createSystem({ name: 'own' })
  return record.own as System
}

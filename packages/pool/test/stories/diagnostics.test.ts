/** What a pool tells on the channels of node:diagnostics_channel, beside what its actors tell. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { remote } from '@troupe/pool'
import { newPool } from '../support/pools.js'
import { failure } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

test('a crash of a worker can be followed: start, end, restart, and the task after it', async () => {
  const seen: string[] = []
  const listen = ({ task, outcome, child, pid }: any, name: string | symbol): void => {
    const what = task === undefined ? child : `${task.split(' ')[0]} ${outcome ?? (pid > 0 && 'begins')}`
    seen.push(`${String(name).replace('troupe:', '')} ${what}`)
  }
  const names = ['troupe:actor:restart', 'troupe:pool:task:start', 'troupe:pool:task:end']
  for (const name of names) subscribe(name, listen)
  try {
    const pool = newPool({ size: 1 })
    await failure(pool.apply(tasks.exit, [3]))
    await pool.apply(tasks.square, [2])
  } finally {
    for (const name of names) unsubscribe(name, listen)
  }
  expect(seen.slice(0, 2)).toEqual(['pool:task:start exit begins', 'pool:task:end exit crashed'])
  expect(seen.slice(2).sort()).toEqual([
    'actor:restart worker-1',
    'pool:task:end square done',
    'pool:task:start square begins',
  ])
})

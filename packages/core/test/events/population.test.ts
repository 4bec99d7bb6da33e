import { Population } from '../../dist/events/population.js'

const at = 0
const spawned = (id: string, parent?: string) =>
  ({ type: 'spawned', at, id, host: 1, ...(parent === undefined ? {} : { parent }) }) as const

test('children stand under their parent, in the order of their start', () => {
  const population = new Population()
  for (const event of [spawned('1'), spawned('2'), spawned('3', '1'), spawned('4', '1')]) population.observe(event)
  expect(population.draw('all', (id) => (id === '4' ? ', stopping' : '')).split('\n')).toEqual([
    'all',
    '├─ actor (1)',
    '│  ├─ actor (3)',
    '│  └─ actor (4), stopping',
    '└─ actor (2)',
  ])
})

test('drawing many siblings takes a time that grows with their number, not with its square', () => {
  const population = new Population()
  for (let id = 1; id <= 20_000; id++) population.observe(spawned(`${id}`))
  const before = process.cpuUsage()
  expect(population.draw('all', () => '').split('\n')).toHaveLength(20_001)
  // A few hundredths of a second; copying all siblings for each of them took five.
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
})

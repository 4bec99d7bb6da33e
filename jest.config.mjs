/** Jest runs what tsc compiled: tests are type-checked, import the packages by name, and test what is shipped. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Proofs take longer than a test may; each has a command of its own, and `npm test` leaves them out. */
const kind = process.env.TROUPE_PROOFS === undefined ? 'test' : 'proof'

const project = (displayName, rootDir) => ({
  displayName,
  rootDir: here(rootDir),
  roots: ['<rootDir>/dist-test'],
  testMatch: [`<rootDir>/dist-test/**/*.${kind}.js`],
  testEnvironment: here('./scripts/jest-env.mjs'),
  transform: {},
})

export default {
  // One more than the cores of a small machine: many stories wait for processes.
  maxWorkers: 3,
  // Each file leaves some megabytes behind, and a worker with a large heap collects garbage for long.
  workerIdleMemoryLimit: '400MB',
  testTimeout: 20_000,
  reporters: ['default', here('./scripts/jest-count.mjs')],
  projects: [
    project('core', './packages/core'),
    project('transport-node', './packages/transport-node'),
    project('pool', './packages/pool'),
    project('examples', './examples'),
    project('repo', '.'),
    // `npm run unit` builds one project only, and jest refuses a root that is not there.
  ].filter(({ roots: [root], rootDir }) => existsSync(root.replace('<rootDir>', rootDir))),
}

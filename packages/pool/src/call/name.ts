export { labelOf, type TaskName, taskName } from '@troupe/transport-node/internal'

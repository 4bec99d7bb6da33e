/** A service's main. The conventions of systemd, Docker and Kubernetes, and OTP's init:stop, in one call. */
import type { Children, Supervisor, SupervisorSpec, System, SystemOptions } from '@troupe/core'
import { TroupeError } from '@troupe/core'
import { expectOptions, expectTimeout, processRecord } from '@troupe/core/internal'
import { type ServiceEnd, ServiceRun } from './service-run.js'

export type { ServiceEnd } from './service-run.js'

/** Options of `runService`, and those of `createSystem`. */
export interface ServiceOptions extends SystemOptions {
  /** Milliseconds that the orderly stop may take, from the signal on; Infinity: no limit. Default 10,000. */
  readonly deadline?: number | undefined
}

/** A running service. */
export interface Service<C extends Children = Children> extends AsyncDisposable {
  readonly system: System
  /** The supervisor of the spec. */
  readonly app: Supervisor<C>
  /** Resolves when nothing is left; the process ends then. Never rejects. */
  readonly exited: Promise<ServiceEnd>
  /** The orderly stop, as SIGTERM asks for it. */
  stop(): Promise<ServiceEnd>
  /** Ends all at once, without `onStop`; exit code 1. */
  kill(): Promise<ServiceEnd>
}

/**
 * Runs a supervised service as this process's main: makes a system, supervises `spec` in it, and resolves once all
 * children are ready. From then on until its end the service keeps the process alive.
 *
 * - SIGTERM or SIGINT: children are stopped in reverse, each within its `shutdown`, all within `deadline`; exit code 0.
 *   What has not stopped by then is named on stderr and killed; exit code 1.
 * - A second one while it stops: all are killed at once; exit code 128 + the signal's number. The same signal within
 *   500 ms is taken for one: npm passes on what the terminal has sent already.
 * - SIGUSR2: `system.tree()` is printed to stderr.
 * - The supervisor ends by itself: exit code 1 and the reason on stderr when it gave up, was killed, or a significant
 *   child had failed; 0 when `autoShutdown` followed a clean end.
 * - An error or rejection that nobody caught in this process: printed, then the orderly stop; exit code 1.
 * - A signal or such an error before all are ready: what has begun is stopped, and the process ends; the call does not
 *   settle.
 *
 * After the end the handlers are off, the code is in `process.exitCode`, and the process ends by itself, with all that it
 * has written. What keeps it alive for another 1,000 ms is named on stderr, and it is ended by `process.exit`.
 *
 * The conventions: systemd, Docker and Kubernetes send SIGTERM, and SIGKILL after a grace (90 s, 10 s, 30 s): keep
 * `deadline` below it. systemd signals children too unless told `KillMode=mixed`. OTP's `init:stop` stops the tree alike.
 *
 * @param spec the supervisor's, or a function of the system that gives it, for what must be there before.
 * @throws what the start says, as a rejection, once nothing is left; `process.exitCode` is 1 then. TroupeError with
 *   ERR_SERVICE_RUNNING while another service runs in this process; TypeError, RangeError for wrong options.
 */
export async function runService<const C extends Children>(
  spec: SupervisorSpec<C> | ((system: System) => SupervisorSpec<C> | Promise<SupervisorSpec<C>>),
  options: ServiceOptions = {},
): Promise<Service<C>> {
  expectOptions('runService options', options, ['deadline', 'name', 'askTimeout', 'isolate', 'clock'])
  const { deadline = 10_000, ...rest } = options
  expectTimeout('deadline', deadline)
  const record = processRecord()
  if (record.service !== undefined)
    throw new TroupeError('ERR_SERVICE_RUNNING', { details: { service: record.service } })

  const run = new ServiceRun(rest, deadline, () => delete record.service)
  const { system, exited } = run
  record.service = system.name
  const app = await run.start(async () => system.supervise(typeof spec === 'function' ? await spec(system) : spec))
  run.leave(() => record.service !== undefined)
  return {
    system,
    app,
    exited,
    stop: () => run.stop(),
    kill: () => run.kill(),
    async [Symbol.asyncDispose]() {
      await run.stop()
    },
  }
}

/**
 * Every error of Troupe in one place: its code, what happened, and what to do about it.
 * A sentence may name details in braces; the cure is printed after it.
 */
export const errorTable: Readonly<Record<ErrorCode, readonly [sentence: string, cure: string]>> = {
  ERR_TIMEOUT: ['{what} took longer than {timeout} ms', 'raise the timeout, or find what holds it up'],
  ERR_CANCELLED: ['{what} was cancelled', 'nothing to do: somebody asked for it'],
  ERR_ACTOR_DOWN: ['{actor} is down ({reason}){detail}', 'look at the cause; supervise the actor to have it restarted'],
  ERR_DEADLOCK: [
    'This question would wait for itself for ever: {chain}',
    'do not await it in the handler: use tell, or ask outside of the cycle',
  ],
  ERR_MAILBOX_FULL: [
    'The mailbox of {actor} is full ({capacity} messages) and refuses more',
    "slow the sender with `await ref.ready()`, raise `mailbox.capacity`, or use `overflow: 'wait'`",
  ],
  ERR_SERIALIZATION: ['{what} cannot be sent: {path} is {kind}', 'send data: {cure}'],
  ERR_NOT_PORTABLE: ['{what} cannot run elsewhere: {problem}', '{cure}'],
  ERR_PROTOCOL: ['The peer {peer} broke the protocol: {problem}', 'both ends must run compatible versions of Troupe'],
  ERR_AUTHENTICATION: ['Authentication with {peer} failed: {problem}', '{cure}'],
  ERR_NAME_TAKEN: ['The name {name} is taken by {actor}', 'choose another name, or stop that actor first'],
  ERR_SYSTEM_STOPPED: ['The system {system} is stopped', 'create a new system'],
  ERR_SERVICE_RUNNING: [
    'The service {service} runs in this process already',
    'a process is one service: put both trees under one supervisor, or wait for its `exited`',
  ],
  ERR_SUPERVISOR: ['{what}', '{cure}'],
  ERR_CHILD_PRESENT: ['The child {id} is already there', 'choose another id, or delete that child first'],
  ERR_CHILD_RUNNING: ['The child {id} is {status}', 'terminate it first'],
  ERR_CHILD_NOT_FOUND: ['There is no child {id}', 'see `which()` for the ids'],
  ERR_MAX_CHILDREN: ['The child {id} is one too many: {most} are allowed', 'end others first, or raise `maxChildren`'],
  ERR_RESTART_LIMIT: [
    '{supervisor} saw {count} restarts within {period} ms, more than its intensity of {intensity} allows',
    'mend what makes the child end, or raise `intensity`',
  ],
  ERR_POOL_CLOSED: ['The pool {pool} is closed', 'submit tasks before close() or stop()'],
  ERR_POOL_TERMINATED: ['The pool {pool} was terminated', 'use close() and join() to let tasks finish'],
  ERR_POOL_RUNNING: ['The pool {pool} still takes tasks', 'call close() or terminate() before join()'],
  ERR_WORKER_CRASHED: [
    'Worker {worker} (pid {pid}) ended while it had {task}: {end}',
    'look at the cause; `retries` with `idempotent: true` runs such tasks again',
  ],
  ERR_INITIALIZER: ['The initializer {task} failed in {attempts} starts', 'mend it: its error is the cause'],
  ERR_POISON_TASK: ['{task} ended its worker {attempts} times', 'mend the task: the last end is the cause'],
  ERR_OUT_OF_MEMORY: [
    'The process {process} (pid {pid}) holds {rss} MiB of memory, more than its maxRssMb of {limit}',
    'raise maxRssMb, or find what holds so much',
  ],
  ERR_QUEUE_FULL: ['{queue} had no room within {timeout} ms', 'wait longer, get faster, or raise its capacity'],
  ERR_QUEUE_EMPTY: ['{queue} had no item within {timeout} ms', 'wait longer, or put faster'],
  ERR_QUEUE_CLOSED: ['{queue} is closed{why}', 'put before close(); getters end when all is taken'],
  ERR_END_OF_STREAM: ['{connection} is at its end of file', 'stop receiving: the other end is closed'],
  ERR_PEER_CLOSED: ['The other end of {connection} is closed', 'stop sending: nobody receives any more'],
  ERR_CONNECTION_CLOSED: ['{connection} {why}', '{cure}'],
  ERR_BUFFER_TOO_SHORT: [
    'A message of {length} bytes is longer than {room}',
    'the error has the whole message as `bytes`; give a larger buffer or maxLength',
  ],
  ERR_BROKEN_BARRIER: ['{barrier} is broken: {why}', 'reset() it once all parties know'],
  ERR_REMOTE: ['{message}', 'see remoteStack for where it was thrown'],
}

/** The codes of `errorTable`; stable, and what to match on. */
export type ErrorCode =
  | 'ERR_TIMEOUT'
  | 'ERR_CANCELLED'
  | 'ERR_ACTOR_DOWN'
  | 'ERR_DEADLOCK'
  | 'ERR_MAILBOX_FULL'
  | 'ERR_SERIALIZATION'
  | 'ERR_NOT_PORTABLE'
  | 'ERR_PROTOCOL'
  | 'ERR_AUTHENTICATION'
  | 'ERR_NAME_TAKEN'
  | 'ERR_SYSTEM_STOPPED'
  | 'ERR_SERVICE_RUNNING'
  | 'ERR_SUPERVISOR'
  | 'ERR_CHILD_PRESENT'
  | 'ERR_CHILD_RUNNING'
  | 'ERR_CHILD_NOT_FOUND'
  | 'ERR_MAX_CHILDREN'
  | 'ERR_RESTART_LIMIT'
  | 'ERR_POOL_CLOSED'
  | 'ERR_POOL_TERMINATED'
  | 'ERR_POOL_RUNNING'
  | 'ERR_WORKER_CRASHED'
  | 'ERR_INITIALIZER'
  | 'ERR_POISON_TASK'
  | 'ERR_OUT_OF_MEMORY'
  | 'ERR_QUEUE_FULL'
  | 'ERR_QUEUE_EMPTY'
  | 'ERR_QUEUE_CLOSED'
  | 'ERR_END_OF_STREAM'
  | 'ERR_PEER_CLOSED'
  | 'ERR_CONNECTION_CLOSED'
  | 'ERR_BUFFER_TOO_SHORT'
  | 'ERR_BROKEN_BARRIER'
  | 'ERR_REMOTE'

export { createThreads, type Priority, type RunOptions, type Threads, type ThreadsOptions } from './pool.ts';
export {
  defineTask,
  type TaskContext,
  TaskFailed,
  type TaskRunner,
  TaskTimedOut,
  ThreadLost,
  type ThreadTask,
  Transferred,
} from './task.ts';

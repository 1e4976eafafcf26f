/**
 * Job objects of Windows: a job holds a process and all that it starts from then on, whoever their
 * parents are. It is ended as one, and by the system when the last handle to it is closed, so also
 * when this process is killed.
 *
 * A child is put into its job when it has been started: what it starts in the instant before is not
 * in there. Only Bun can call the system; elsewhere there are no jobs, and `undefined` says so.
 *
 * @module
 */

import { process } from "./process.ts";

/** A child and all that it starts. */
export interface Job {
  /** End all of it. */
  terminate(): void;
  /** Is anything of it alive? */
  left(): boolean;
  /** Let what is left live on, also when this process ends. */
  release(): void;
}

type Handle = number | null;

interface Kernel {
  CreateJobObjectW(security: null, name: null): Handle;
  SetInformationJobObject(job: Handle, kind: number, data: Uint8Array, size: number): number;
  QueryInformationJobObject(
    job: Handle,
    kind: number,
    data: Uint8Array,
    size: number,
    length: null,
  ): number;
  AssignProcessToJobObject(job: Handle, child: Handle): number;
  TerminateJobObject(job: Handle, code: number): number;
  OpenProcess(access: number, inherit: number, pid: number): Handle;
  CloseHandle(handle: Handle): number;
}

/** PROCESS_TERMINATE and PROCESS_SET_QUOTA: what is needed to put one into a job. */
const ACCESS = 0x0101;

/** JobObjectExtendedLimitInformation: its number, its size, where its flags stand. */
const LIMITS = { kind: 9, size: 144, flags: 16 };

/** JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE */
const KILL_ON_CLOSE = 0x2000;

/** JobObjectBasicAccountingInformation: the same, and where the number of living processes stands. */
const ACCOUNT = { kind: 1, size: 48, active: 40 };

/** The status of what was ended. */
const KILLED = 137;

let kernel: Kernel | undefined;

/** Put a child into a job of its own; `undefined` where that is impossible. */
export function createJob(pid: number): Job | undefined {
  const { dlopen } = foreign() ?? {};
  if (dlopen === undefined) return undefined;
  kernel ??= dlopen("kernel32.dll", {
    CreateJobObjectW: { args: ["ptr", "ptr"], returns: "ptr" },
    SetInformationJobObject: { args: ["ptr", "i32", "ptr", "u32"], returns: "i32" },
    QueryInformationJobObject: { args: ["ptr", "i32", "ptr", "u32", "ptr"], returns: "i32" },
    AssignProcessToJobObject: { args: ["ptr", "ptr"], returns: "i32" },
    TerminateJobObject: { args: ["ptr", "u32"], returns: "i32" },
    OpenProcess: { args: ["u32", "i32", "u32"], returns: "ptr" },
    CloseHandle: { args: ["ptr"], returns: "i32" },
  }).symbols as unknown as Kernel;
  const { CreateJobObjectW, AssignProcessToJobObject, OpenProcess, CloseHandle } = kernel;
  const job = CreateJobObjectW(null, null);
  if (job === null) return undefined;
  const child = OpenProcess(ACCESS, 0, pid);
  const held = child !== null && AssignProcessToJobObject(job, child) !== 0 &&
    limit(job, KILL_ON_CLOSE);
  if (child !== null) CloseHandle(child);
  if (!held) {
    CloseHandle(job);
    return undefined;
  }
  return jobOf(kernel, job);
}

function jobOf(kernel: Kernel, job: Handle): Job {
  let open = true;
  return {
    terminate: () => void (open && kernel.TerminateJobObject(job, KILLED)),
    left() {
      if (!open) return false;
      const data = new Uint8Array(ACCOUNT.size);
      const { kind, size, active } = ACCOUNT;
      if (kernel.QueryInformationJobObject(job, kind, data, size, null) === 0) return false;
      return new DataView(data.buffer).getUint32(active, true) > 0;
    },
    release() {
      if (!open) return;
      open = false;
      limit(job, 0);
      kernel.CloseHandle(job);
    },
  };
}

function limit(job: Handle, flags: number): boolean {
  const data = new Uint8Array(LIMITS.size);
  new DataView(data.buffer).setUint32(LIMITS.flags, flags, true);
  return kernel!.SetInformationJobObject(job, LIMITS.kind, data, LIMITS.size) !== 0;
}

function foreign(): BunForeign | undefined {
  try {
    return process.getBuiltinModule("bun:ffi") as unknown as BunForeign;
  } catch {
    return undefined;
  }
}

import { assertEquals } from "@std/assert";
import { type SystemFacts, systemMarkers } from "../../../../src/source/spec/system_markers.ts";

const LINUX: SystemFacts = {
  os: "linux",
  type: "Linux",
  machine: "x86_64",
  release: "6.8.0-45-generic",
  version: "#45-Ubuntu SMP PREEMPT_DYNAMIC",
  arch: "x64",
};
const WINDOWS: SystemFacts = {
  os: "windows",
  type: "Windows_NT",
  machine: "x86_64",
  release: "10.0.22631",
  version: "Windows 11 Pro",
  arch: "x64",
};

Deno.test("Linux and macOS tell their markers as Node does", () => {
  assertEquals(systemMarkers(LINUX), {
    os_name: "posix",
    sys_platform: "linux",
    platform_system: "Linux",
    platform_machine: "x86_64",
    platform_release: "6.8.0-45-generic",
    platform_version: "#45-Ubuntu SMP PREEMPT_DYNAMIC",
  });
  const version = "Darwin Kernel Version 23.1.0: root:xnu/RELEASE_ARM64_T6000";
  const mac: SystemFacts = {
    os: "darwin",
    type: "Darwin",
    machine: "arm64",
    release: "23.1.0",
    version,
    arch: "arm64",
  };
  assertEquals(systemMarkers(mac), {
    os_name: "posix",
    sys_platform: "darwin",
    platform_system: "Darwin",
    platform_machine: "arm64",
    platform_release: "23.1.0",
    platform_version: version,
  });
});

Deno.test("Windows tells its markers as Python does", () => {
  assertEquals(systemMarkers(WINDOWS), {
    os_name: "nt",
    sys_platform: "win32",
    platform_system: "Windows",
    platform_machine: "AMD64",
    platform_release: "11",
    platform_version: "10.0.22631",
  });
});

Deno.test("the release of Windows is found by its build and its edition", () => {
  const cases: readonly (readonly [release: string, version: string, expected: string])[] = [
    ["10.0.17763", "Windows 10 Pro", "10"],
    ["10.0.19045", "Windows 10 Home", "10"],
    ["10.0.22000", "Windows 11 Home", "11"],
    ["10.0.26100", "Windows 11 Pro", "11"],
    ["10.0.14393", "Windows Server 2016 Standard", "2016Server"],
    ["10.0.17763", "Windows Server 2019 Datacenter", "2019Server"],
    ["10.0.20348", "Windows Server 2022 Datacenter", "2022Server"],
    ["10.0.26100", "Windows Server 2025 Standard", "2025Server"],
    ["6.3.9600", "Windows 8.1", "6.3.9600"],
  ];
  for (const [release, version, expected] of cases) {
    const markers = systemMarkers({ ...WINDOWS, release, version });
    assertEquals(markers.platform_release, expected, version);
    assertEquals(markers.platform_version, release, version);
  }
});

Deno.test("the machine has Python's name, also where only the architecture is known", () => {
  const cases: readonly (readonly [SystemFacts["os"], string, string, string])[] = [
    ["windows", "arm64", "arm64", "ARM64"],
    ["windows", "", "arm64", "ARM64"],
    ["windows", "", "x64", "AMD64"],
    ["windows", "i686", "ia32", "x86"],
    ["linux", "aarch64", "arm64", "aarch64"],
    ["linux", "", "arm64", "aarch64"],
    ["linux", "", "x64", "x86_64"],
    ["linux", "", "riscv64", "riscv64"],
    ["darwin", "", "arm64", "arm64"],
  ];
  for (const [os, machine, arch, expected] of cases) {
    const facts = { ...(os === "windows" ? WINDOWS : LINUX), os, machine, arch };
    assertEquals(systemMarkers(facts).platform_machine, expected, `${os} ${machine} ${arch}`);
  }
});

Deno.test("other systems have their major release in sys_platform", () => {
  const cases: readonly (readonly [type: string, release: string, expected: string])[] = [
    ["FreeBSD", "14.1-RELEASE", "freebsd14"],
    ["SunOS", "5.11", "sunos5"],
    ["AIX", "7.2", "aix"],
    ["CYGWIN_NT-10.0", "3.4.9", "cygwin"],
  ];
  for (const [type, release, expected] of cases) {
    const markers = systemMarkers({ ...LINUX, os: "other", type, release });
    assertEquals(markers.sys_platform, expected, type);
    assertEquals(markers.os_name, "posix", type);
  }
});

package dev.belay.flow.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Names of processes that carry runs out, by which another process of the same machine can tell
 * that one is gone, and need not wait until its claim is over.
 */
final class Owners {
  private static final Path MACHINE = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int PARTS = 4;

  private Owners() {}

  /** A name for an engine of this process. */
  static String mine() {
    ProcessHandle self = ProcessHandle.current();
    return "%s/%d/%d/%s".formatted(machine(), self.pid(), started(self), UUID.randomUUID());
  }

  /** Whether the process of that name ran on this machine and runs no more; false in doubt. */
  static boolean isGone(String owner) {
    String[] parts = owner.split("/", -1);
    if (parts.length != PARTS || parts[0].isEmpty() || !parts[0].equals(machine())) {
      return false;
    }
    try {
      long pid = Long.parseLong(parts[1]);
      long start = Long.parseLong(parts[2]);
      Optional<ProcessHandle> there = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
      return there.isEmpty() || started(there.get()) != start;
    } catch (NumberFormatException other) {
      return false;
    }
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
  }

  /** What is another after each start of the machine; empty where that is not known. */
  private static String machine() {
    try {
      return Files.exists(MACHINE) ? Files.readString(MACHINE).strip() : "";
    } catch (IOException unknown) {
      return "";
    }
  }
}

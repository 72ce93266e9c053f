package dev.belay.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program and what is in its group or its session, where the system has such: by that, what has
 * lost its parent is found as well.
 */
final class ProcessGroup {
  private static final Duration SIGNALLED = Duration.ofSeconds(2);

  private final Process process;
  private final boolean leads;
  private final Optional<ListedProcess> leader;

  ProcessGroup(Process process, boolean leads) {
    this.process = process;
    this.leads = leads;
    this.leader = ListedProcess.of(process.pid());
  }

  /** What of it still does anything. */
  List<ProcessHandle> living() {
    Stream<ProcessHandle> members =
        isOurs()
            ? ListedProcess.all().stream()
                .filter(one -> one.group() == process.pid() || one.session() == process.pid())
                .flatMap(one -> ProcessHandle.of(one.pid()).stream())
            : Stream.empty();
    return Stream.concat(Stream.of(process.toHandle()), members)
        .filter(ListedProcess::lives)
        .distinct()
        .toList();
  }

  /** Whether the number of the group still means ours: another may have got it since. */
  private boolean isOurs() {
    Optional<ListedProcess> now = ListedProcess.of(process.pid());
    return leads
        && (now.isEmpty() || leader.isEmpty() || leader.get().started() == now.get().started());
  }

  /** To all of the group at once, for which Java has no word. */
  void signal(String name) {
    if (!isOurs()) {
      return;
    }
    try {
      Process kill =
          new ProcessBuilder(
                  "/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", name, "" + process.pid())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(SIGNALLED.toSeconds(), TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException noShell) {
      // what is known of it is ended all the same
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
    }
  }
}

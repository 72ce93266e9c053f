package dev.belay.llm.mcp;

import dev.belay.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A program in a process group of its own, where the system has such, so that what it has started
 * and let go of is found as well. None of it is left when this is closed.
 */
final class ServerProcess implements AutoCloseable {
  private static final Executor THREADS = Thread::startVirtualThread;
  private static final Duration SIGNALLED = Duration.ofSeconds(2);

  /** Starts what follows as the leader of a session, and so of a group. */
  private static final List<Path> LEADERS =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  /** What a program needs to run; the rest of our environment holds keys that are not its own. */
  private static final Set<String> INHERITED =
      Set.of(
          "HOME",
          "LANG",
          "LOGNAME",
          "NODE_EXTRA_CA_CERTS",
          "PATH",
          "SHELL",
          "SSL_CERT_DIR",
          "SSL_CERT_FILE",
          "TEMP",
          "TERM",
          "TMP",
          "TMPDIR",
          "TZ",
          "USER",
          // of Windows
          "APPDATA",
          "COMSPEC",
          "LOCALAPPDATA",
          "PATHEXT",
          "PROGRAMFILES",
          "SYSTEMDRIVE",
          "SYSTEMROOT",
          "USERNAME",
          "USERPROFILE");

  private final Process process;
  private final boolean leads;
  private final Duration grace;
  private final Time time;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ServerProcess(Process process, boolean leads, Duration grace, Time time) {
    this.process = process;
    this.leads = leads;
    this.grace = grace;
    this.time = time;
  }

  /**
   * Starts one.
   *
   * @param environment added to what of ours is harmless
   * @param grace how long it may take to end when told to
   */
  static ServerProcess start(
      List<String> command, Map<String, String> environment, Duration grace, Time time)
      throws IOException {
    Optional<Path> leader = LEADERS.stream().filter(Files::isExecutable).findFirst();
    List<String> all = new ArrayList<>(command);
    leader.ifPresent(path -> all.addFirst(path.toString()));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().keySet().removeIf(name -> !isInherited(name));
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start(), leader.isPresent(), grace, time);
  }

  private static boolean isInherited(String name) {
    return INHERITED.contains(name.toUpperCase(Locale.ROOT)) || name.startsWith("LC_");
  }

  InputStream output() {
    return process.getInputStream();
  }

  InputStream complaints() {
    return process.getErrorStream();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Tells all of it to end, and kills what has not after a while. Returns at once. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      THREADS.execute(this::end);
    }
  }

  private void end() {
    List<ProcessHandle> tree = tree();
    signal("TERM");
    tree.forEach(ProcessHandle::destroy);
    var unused =
        time.after(
            grace.toNanos(),
            THREADS,
            () -> {
              signal("KILL");
              Stream.concat(tree.stream(), tree().stream()).forEach(ProcessHandle::destroyForcibly);
            });
  }

  private List<ProcessHandle> tree() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** To its group, for which Java has no word. */
  private void signal(String name) {
    if (!leads) {
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
      // what is known of its descendants is ended all the same
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
    }
  }
}

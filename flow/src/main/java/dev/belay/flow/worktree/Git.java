package dev.belay.flow.worktree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.belay.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs git by its command line: without hooks, editors, prompts and signatures, with bounded
 * output, and never longer than the thread that waits for it. Safe for any number of threads.
 *
 * @param program the command to run
 * @param steps is told of each
 */
record Git(String program, Steps steps) {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_ERRORS = 8 << 10;
  private static final int SECONDS_TO_END = 5;

  /** What of the caller's environment may reach git; the rest could point it elsewhere. */
  private static final List<String> KEPT =
      List.of("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_SSL_");

  /** What a git that runs this was told by options, which were not meant for all that it runs. */
  private static final String DROPPED = "GIT_CONFIG_PARAMETERS";

  private static final List<String> SETTINGS =
      List.of(
          "core.hooksPath=/dev/null",
          "core.fsmonitor=false",
          "core.safecrlf=false",
          "core.filesRefLockTimeout=2000",
          "commit.gpgSign=false",
          "i18n.commitEncoding=UTF-8",
          "i18n.logOutputEncoding=UTF-8",
          "advice.addEmbeddedRepo=false",
          "gc.auto=0",
          "maintenance.auto=false");

  private static final int MOST_AGAIN = 100;
  private static final long PAUSE_NANOS = 20_000_000;

  /** Hears of each use of git, and may interrupt it. */
  interface Steps {
    /** About to start. */
    void before(GitCall call) throws InterruptedException;

    /** Running. */
    void during(GitCall call) throws InterruptedException;
  }

  private static final Steps UNHEARD =
      new Steps() {
        @Override
        public void before(GitCall call) {}

        @Override
        public void during(GitCall call) {}
      };

  Git(String program) {
    this(program, UNHEARD);
  }

  /** Runs it; whatever it ends with but 0 is an error. */
  GitOutput run(GitCall call) throws WorktreeException, InterruptedException {
    GitOutput output = attempt(call);
    if (output.exit() != 0) {
      throw failed(call, output);
    }
    return output;
  }

  static WorktreeException failed(GitCall call, GitOutput output) {
    return new WorktreeException(
        "%s in %s ended with %d: %s"
            .formatted(call, call.directory(), output.exit(), output.errors().strip()));
  }

  /**
   * Runs it, and leaves it to the caller what its exit code means. Git looks at all worktrees of a
   * repository, and fails at one that another git is making at that moment: then it runs again.
   */
  GitOutput attempt(GitCall call) throws WorktreeException, InterruptedException {
    GitOutput output = once(call);
    for (int again = 0; again < MOST_AGAIN && metOneInTheMaking(output); again++) {
      Time.system().sleep(PAUSE_NANOS);
      output = once(call);
    }
    return output;
  }

  private static boolean metOneInTheMaking(GitOutput output) {
    return output.exit() != 0
        && output.errors().contains("failed to read")
        && output.errors().contains("/worktrees/");
  }

  private GitOutput once(GitCall call) throws WorktreeException, InterruptedException {
    steps.before(call);
    if (Thread.interrupted()) {
      throw new InterruptedException("before " + call);
    }
    Process process = start(call);
    try {
      var output = inBackground(() -> bounded(process.getInputStream(), call));
      var errors = inBackground(() -> lastOf(process.getErrorStream()));
      var input = inBackground(() -> feed(process.getOutputStream(), call.input()));
      steps.during(call);
      int exit = process.waitFor();
      input.get();
      return new GitOutput(exit, output.get(), errors.get());
    } catch (ExecutionException e) {
      throw new WorktreeException("%s: %s".formatted(call, e.getCause()), e);
    } finally {
      end(process, call.isBrief());
    }
  }

  private Process start(GitCall call) throws WorktreeException {
    List<String> command = new ArrayList<>(List.of(program, "--no-pager", "--literal-pathspecs"));
    SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
    command.addAll(call.arguments());
    ProcessBuilder builder = new ProcessBuilder(command).directory(call.directory().toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(Git::leadsElsewhere);
    environment.put("LC_ALL", "C");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_EDITOR", "true");
    environment.put("GIT_SEQUENCE_EDITOR", "true");
    // Even to look at the user's checkout would write to its index otherwise.
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.putAll(call.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new WorktreeException(
          "cannot run '%s' in %s: install git 2.39 or later and have it on the PATH (%s)"
              .formatted(program, call.directory(), e.getMessage()),
          e);
    }
  }

  private static boolean leadsElsewhere(String variable) {
    return variable.startsWith("GIT_")
        && (KEPT.stream().noneMatch(variable::startsWith) || variable.equals(DROPPED));
  }

  private static <T> FutureTask<T> inBackground(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().name("git").start(task);
    return task;
  }

  private static byte[] bounded(InputStream stream, GitCall call) throws IOException {
    byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      stream.close();
      throw new IOException("%s says more than %d bytes".formatted(call, MOST_BYTES));
    }
    return bytes;
  }

  private static String lastOf(InputStream stream) throws IOException {
    var last = new ByteArrayOutputStream();
    byte[] buffer = new byte[MOST_ERRORS];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      byte[] before = last.toByteArray();
      int drop = Math.min(before.length, Math.max(0, before.length + count - MOST_ERRORS));
      last.reset();
      last.write(before, drop, before.length - drop);
      last.write(buffer, 0, count);
    }
    return last.toString(UTF_8);
  }

  private static boolean feed(OutputStream stream, byte[] input) {
    try (stream) {
      stream.write(input);
      return true;
    } catch (IOException unread) {
      // Git ended before it had read all; its exit code says why.
      return false;
    }
  }

  /** Sees to it that it runs no longer; asked first, so that it can take back its lock files. */
  private static void end(Process process, boolean brief) {
    if (!process.isAlive()) {
      return;
    }
    try {
      if (brief && process.waitFor(SECONDS_TO_END, SECONDS)) {
        return;
      }
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      if (!process.waitFor(SECONDS_TO_END, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException again) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

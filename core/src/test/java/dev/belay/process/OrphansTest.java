package dev.belay.process;

import static dev.belay.process.Tree.lives;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.Time;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OrphansTest {
  private static final Duration GRACE = Duration.ofMillis(300);

  /** Sleeps in its own group, beside one of the group that has emptied its environment. */
  private static final String TWO = "env -i sleep 300 & echo $!; exec sleep 300";

  @BeforeEach
  void onlyWhereProcessesAreListed() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")));
  }

  private record Started(Process leader, long other) implements AutoCloseable {
    static Started of(String owner, String script) throws Exception {
      ProcessBuilder builder = new ProcessBuilder("/usr/bin/setsid", "/bin/sh", "-c", script);
      builder.environment().put(Owner.VARIABLE, owner);
      Process leader = builder.start();
      String line =
          new BufferedReader(new InputStreamReader(leader.getInputStream(), UTF_8)).readLine();
      return new Started(leader, Long.parseLong(line));
    }

    boolean anyLives() {
      return lives(leader.pid()) || lives(other);
    }

    @Override
    public void close() {
      leader.destroyForcibly();
      ProcessHandle.of(other).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** The number of ours, but of one that was started at another time. */
  private static String dead() {
    return new Owner(ProcessHandle.current().pid(), Owner.self().started() - 1).text();
  }

  @Test
  void whatADeadOwnerHasLeftIsEndedWithItsGroup() throws Exception {
    try (Started orphan = Started.of(dead(), TWO)) {
      assertThat(Orphans.sweep(GRACE, Time.system())).isGreaterThanOrEqualTo(2);

      assertThat(orphan.anyLives()).isFalse();
    }
  }

  @Test
  void anOrphanThatDoesNotObeyIsKilled() throws Exception {
    try (Started orphan = Started.of(dead(), "trap '' TERM; sleep 300 & echo $!; wait")) {
      Orphans.sweep(GRACE, Time.system());

      assertThat(orphan.anyLives()).isFalse();
    }
  }

  @Test
  void whatHasAnOwnerThatLivesIsLeftAlone() throws Exception {
    try (Started ours = Started.of(Owner.self().text(), "sleep 300 & echo $!; wait")) {
      Orphans.sweep(GRACE, Time.system());

      assertThat(lives(ours.leader().pid()) && lives(ours.other())).isTrue();
    }
  }

  @Test
  void anOwnerWhoseStartIsNotKnownLivesWhileItsNumberDoes() {
    assertThat(new Owner(ProcessHandle.current().pid(), 0).lives()).isTrue();
    assertThat(new Owner(Integer.MAX_VALUE, 0).lives()).isFalse();
  }

  @Test
  void whatIsNotMarkedAsOursIsLeftAlone() throws Exception {
    try (Started strange = Started.of("no owner at all", "sleep 300 & echo $!; wait")) {
      Orphans.sweep(GRACE, Time.system());

      assertThat(lives(strange.leader().pid()) && lives(strange.other())).isTrue();
    }
  }
}

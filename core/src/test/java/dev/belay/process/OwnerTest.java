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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of programs when whoever has started them ends. */
@Timeout(30)
class OwnerTest {
  private static final Duration GRACE = Duration.ofMillis(300);

  private final Process owner;
  private final long child;

  OwnerTest() throws Exception {
    String paths =
        place(OwnerProgram.class) + java.io.File.pathSeparator + place(ProcessTree.class);
    owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                paths,
                OwnerProgram.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8)).readLine();
    child = Long.parseLong(line);
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void programsEndWithAnOwnerThatEndsInGoodOrder() throws Exception {
    assertThat(lives(child)).isTrue();

    owner.getOutputStream().close();
    assertThat(owner.waitFor()).isZero();

    assertThat(lives(child)).isFalse();
  }

  @Test
  void programsOfAnOwnerThatWasKilledAreSweptAndNotBefore() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    Orphans.sweep(GRACE, Time.system());
    assertThat(lives(child)).isTrue();

    owner.destroyForcibly().waitFor();
    assertThat(lives(child)).isTrue();
    assertThat(Orphans.sweep(GRACE, Time.system())).isPositive();

    assertThat(lives(child)).isFalse();
  }
}

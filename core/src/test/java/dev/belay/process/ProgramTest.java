package dev.belay.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir Path directory;

  private static String said(Program program) throws Exception {
    try (ProcessTree tree = program.start(Time.system())) {
      return new String(tree.output().readAllBytes(), UTF_8).strip();
    }
  }

  @Test
  void aMissingProgramIsNamed() {
    assertThatThrownBy(() -> Program.of(List.of("no-such-agent", "secret")).start(Time.system()))
        .isInstanceOfSatisfying(
            ProgramMissing.class,
            missing -> assertThat(missing.program()).isEqualTo("no-such-agent"))
        .hasMessage("no-such-agent is not on the PATH");
    assertThatThrownBy(() -> Program.of(List.of("/no/such/agent")).start(Time.system()))
        .isInstanceOf(ProgramMissing.class)
        .hasMessage("/no/such/agent is not there");
  }

  @Test
  void aFileThatMayNotBeExecutedIsToldFromOneThatIsMissing() throws Exception {
    Path file = Files.writeString(directory.resolve("agent"), "echo");

    assertThatThrownBy(() -> Program.of(List.of(file.toString())).start(Time.system()))
        .isInstanceOf(ProgramMissing.class)
        .hasMessageEndingWith("may not be executed");
  }

  @Test
  void aProgramIsFoundOnThePathThatItIsGiven() throws Exception {
    Path file = Files.writeString(directory.resolve("agent"), "#!/bin/sh\necho found\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    String path = directory + ":/usr/bin:/bin";

    assertThat(said(Program.of(List.of("agent")).with(Map.of("PATH", path)))).isEqualTo("found");
  }

  @Test
  void aMissingDirectoryIsToldFromAMissingProgram() {
    Program program = Tree.shell("echo").in(directory.resolve("none"));

    assertThatThrownBy(() -> program.start(Time.system()))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(ProgramMissing.class)
        .hasMessageEndingWith("none is no directory");
  }

  @Test
  void worksInItsDirectory() throws Exception {
    assertThat(said(Tree.shell("pwd -P").in(directory)))
        .isEqualTo(directory.toRealPath().toString());
  }

  @Test
  void carriesItsRunAndItsOwner() throws Exception {
    assertThat(said(Tree.shell("echo $BELAY_RUN $BELAY_OWNER")))
        .isEqualTo("run-1 " + Owner.self().text());
  }

  @Test
  void seesOnlyWhatIsHarmlessIfToldSo() throws Exception {
    String all = said(Tree.shell("env"));
    String harmless = said(Tree.shell("env").inheriting(Inherited.HARMLESS));

    assertThat(harmless.lines().map(line -> line.replaceFirst("=.*", "")))
        .contains("PATH", "BELAY_RUN", "BELAY_OWNER")
        .allMatch(name ->
            Inherited.HARMLESS.includes(name)
                || name.startsWith("BELAY_")
                || List.of("PWD", "OLDPWD", "SHLVL", "_").contains(name));
    assertThat(all.lines().count()).isGreaterThan(harmless.lines().count());
  }

  @Test
  void showsNeitherArgumentsNorEnvironment() {
    Program program = Program.of(List.of("agent", "--key", "canary")).with(Map.of("K", "canary"));

    assertThat(program.toString()).isEqualTo("Program[agent]");
  }

  @Test
  void refusesACommandWithoutAProgramAndAGraceBelowZero() {
    assertThatThrownBy(() -> Program.of(List.of(" "))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Program.of(List.of("a")).endingWithin(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grace must be 0 or more, was PT-0.001S");
  }
}

package dev.belay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LlmReportsTest {

  @Test
  void allScenariosHold(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    boolean holds = new LlmReports(out, folder).run(true);

    List<String> failed =
        printed
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("FAIL"))
            .toList();
    assertThat(failed).isEmpty();
    assertThat(holds).isTrue();
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("scenarios hold", "retry.md", "escalation.md", "integration.md", "edge-cases.md");
    assertThat(Files.readString(folder.resolve("escalation.md"))).contains("USE THIS TOOL NOW");
  }

  @Test
  void oneThatBreaksOffDoesNotHold() throws Exception {
    Findings findings = new Findings();

    findings.expect(
        "it",
        "holds",
        () -> {
          throw new IllegalStateException("out of order");
        });

    Report report = findings.report("name", "Title", "");
    assertThat(report.holds()).isFalse();
    assertThat(report.markdown()).contains("**FAIL**", "out of order");
  }
}

package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReportsTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  @TempDir private Path root;

  private static ErrorReport report(String run, String message) {
    Situation situation =
        new Situation(
            "openai",
            new ProviderError(
                ErrorKind.RATE_LIMIT,
                429,
                "slow_down",
                message,
                "req_1",
                Hint.after(Duration.ofSeconds(2), "retry-after-ms: 2000")),
            0,
            Duration.ofSeconds(30),
            NOW);
    Decision decision = new Decision.Retry(Duration.ofMillis(2_080), "hint", NOW.plusMillis(2_080));
    return new ErrorReport(
        NOW,
        new ErrorReport.Origin(run, "phase-1", "llm service", "call"),
        ErrorReport.Failure.of(new IllegalStateException(message, new IOException("deep"))),
        ErrorReport.Retry.of(situation, decision, 1).with("model", "gpt"),
        Json.EMPTY.with("note", Json.of("a")));
  }

  @Test
  void writesOneFileForProgramsAndOneForPeople() throws IOException {
    Path file = new ErrorReports(root, 100, 1_000).report(report("run-1", "too many"));

    assertThat(file).hasFileName("20260304_050607_llm-service_IllegalStateException_000001.json");
    assertThat(file.getParent()).isEqualTo(root.resolve("run-1/errors"));
    Json.Obj read = (Json.Obj) Json.parse(Files.readString(file));
    assertThat(read.members().keySet())
        .contains(
            "timestamp",
            "error_type",
            "error_message",
            "run_id",
            "phase_id",
            "component",
            "operation",
            "traceback",
            "stack_frames",
            "context_data",
            "runtime_version",
            "platform",
            "error_class",
            "provider",
            "model",
            "status",
            "provider_code",
            "request_id",
            "attempt",
            "delay_ms",
            "delay_source",
            "hint_raw",
            "decision",
            "retry_at",
            "budget_left_ms");
    assertThat(read.get("delay_source")).contains(Json.of("retry-after-ms"));
    assertThat(read.get("hint_raw")).contains(Json.of("retry-after-ms: 2000"));
    Path text = file.resolveSibling(file.getFileName().toString().replace(".json", ".txt"));
    assertThat(text)
        .content()
        .contains("too many", "run run-1", "caused by java.io.IOException: deep", "delay_ms");
  }

  @Test
  void namesOfTheSameSecondDoNotCollide() throws IOException {
    ErrorReports first = new ErrorReports(root, 100, 1_000);
    first.report(report("r", "1"));
    first.report(report("r", "2"));
    new ErrorReports(root, 100, 1_000).report(report("r", "3"));

    assertThat(first.list("r")).hasSize(3);
    try (Stream<Path> files = Files.list(root.resolve("r/errors"))) {
      assertThat(files).hasSize(6).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  @Test
  void sumsARunUp() throws IOException {
    ErrorReports reports = new ErrorReports(root, 100, 1_000);
    reports.report(report("r", "1"));
    reports.report(report("r", "2"));
    reports.report(
        new ErrorReport(
            NOW.plusSeconds(60),
            new ErrorReport.Origin("r", "", "builder", "patch"),
            ErrorReport.Failure.of(new IllegalArgumentException()),
            ErrorReport.Retry.NONE,
            Json.EMPTY));
    Files.writeString(root.resolve("r/errors/zzz.json"), "not ours");

    ErrorReports.Summary summary = reports.summary("r");

    assertThat(summary.total()).isEqualTo(3);
    assertThat(summary.byClass())
        .containsEntry("RATE_LIMIT", 2)
        .containsEntry("IllegalArgumentException", 1);
    assertThat(summary.byComponent()).containsEntry("llm service", 2).containsEntry("builder", 1);
    assertThat(summary.first()).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(summary.last()).isEqualTo("2026-03-04T05:07:07Z");
    assertThat(reports.summary("nothing").total()).isZero();
  }

  @Test
  void keepsTheRunsOfWhichItHeardLast() throws Exception {
    ErrorReports reports = new ErrorReports(root, 10, 10);
    for (int run = 0; run < 25; run++) {
      reports.report(report("run-" + run, "m"));
    }

    assertThat(reports.runIds()).hasSizeBetween(9, 10).contains("run-24").doesNotContain("run-0");
    assertThat(reports.list("run-24")).hasSize(1);
  }

  @Test
  void theOldestGoWhenThereAreTooMany() throws IOException {
    ErrorReports reports = new ErrorReports(root, 20, 1_000);
    for (int i = 1; i <= 50; i++) {
      reports.report(report("r", "number " + i));
    }

    List<Json.Obj> left = reports.list("r");
    assertThat(left).hasSizeBetween(18, 20);
    assertThat(left.getLast().get("error_message")).contains(Json.of("number 50"));
    try (Stream<Path> files = Files.list(root.resolve("r/errors"))) {
      assertThat(files).hasSize(2 * left.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc", "/etc/passwd", "..", "a/b", "", "C:\\x", "x\u0000y"})
  void aRunsNameLeadsNowhereElse(String run) throws IOException {
    Path file = new ErrorReports(root, 10, 1_000).report(report(run, "m"));

    assertThat(file.normalize()).startsWith(root);
    assertThat(root.relativize(file).getNameCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-canary-0123456789abcdef",
        "sk-ant-api03-canary0123456789",
        "AIzaSycanary0123456789012345678901234",
        "Bearer canary.0123456789",
        "ghp_canary0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.sig-canary",
        "https://user:canary-password@host/path",
        "http://host/?api_key=canary-value&x=1",
      })
  void aSecretNeverReachesAReport(String secret) throws IOException {
    Json.Obj context =
        Json.EMPTY
            .with("text", Json.of("before " + secret + " after"))
            .with("list", Json.of(List.of(Json.of(secret))));
    ErrorReport report =
        new ErrorReport(
            NOW,
            new ErrorReport.Origin("r", "", "c", "o"),
            ErrorReport.Failure.of(new IllegalStateException("failed with " + secret)),
            ErrorReport.Retry.NONE.with("hint_raw", secret),
            context);

    Path file = new ErrorReports(root, 10, 1_000).report(report);

    String written = Files.readString(file) + report.toText() + report;
    assertThat(written).contains("[redacted]").doesNotContain("canary", "AKIAIOSF");
  }

  @Test
  void aReportIsBounded() {
    Json deep = Json.of(1);
    for (int i = 0; i < 20; i++) {
      deep = Json.EMPTY.with("in", deep);
    }
    String secret = "sk-canary-" + "0".repeat(300);

    ErrorReport report =
        new ErrorReport(
            NOW,
            new ErrorReport.Origin("r", "", "c", "o"),
            ErrorReport.Failure.of(new IllegalStateException("x".repeat(50_000))),
            ErrorReport.Retry.NONE,
            Json.EMPTY.with("deep", deep).with("edge", Json.of("y".repeat(190) + " " + secret)));

    assertThat(report.failure().message()).hasSize(20_000).endsWith("…");
    assertThat(report.context().toString())
        .hasSizeLessThan(400)
        .contains("{…}")
        .doesNotContain("canary", "sk-");
  }

  @Test
  void refusesALimitThatMakesNoSense() {
    assertThatThrownBy(() -> new ErrorReports(root, 0, 1_000))
        .hasMessageStartingWith("most_per_run");
  }
}

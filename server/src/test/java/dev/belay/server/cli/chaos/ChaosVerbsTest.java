package dev.belay.server.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches and faults from the command line, against a real server. */
@Timeout(120)
class ChaosVerbsTest {
  @TempDir Path folder;
  private FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("well")));
  private BelayServer server = nothing();

  ChaosVerbsTest() throws Exception {}

  @SuppressWarnings("NullAway") // set before each test
  private static BelayServer nothing() {
    return null;
  }

  @BeforeEach
  void start() throws Exception {
    String yaml =
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        store: {url: "sqlite:%1$s/belay.db"}
        chaos:
          sessions: "%1$s/sessions"
          max_trials: 4
          services: {shop: {url: "%2$s", healthy_runs: 2}}
        """
            .formatted(folder, origin.uri("/"));
    server = BelayServer.start(BelayConfig.parse(yaml, "belay.yaml", Map.of()));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    origin.close();
  }

  private Shell run(int code, String... arguments) {
    Shell shell = new Shell();
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--url";
    all[arguments.length + 1] = server.control();
    assertThat(shell.run(all)).as(shell.err()).isEqualTo(code);
    return shell;
  }

  @Test
  void searchesASystemToItsEnd() throws Exception {
    Path space =
        Files.writeString(
            folder.resolve("space.yaml"),
            "dimensions: [{name: error_code, type: categorical, values: [500, 502, 503]}]");

    Shell run =
        run(ExitCode.OK, "chaos", "run", "shop", "--trials", "3", "--space", space.toString());

    assertThat(run.out())
        .contains("of shop: completed", "3 of 3 trials", "nothing was found that breaks it");
    Shell list = run(ExitCode.OK, "chaos", "list");
    assertThat(list.out()).contains("shop", "completed", "3/3");
    String id = list.out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
    assertThat(run(ExitCode.OK, "chaos", "report", id).out()).contains("session " + id);
    assertThat(run(ExitCode.OK, "chaos", "report", id, "--json").out()).contains("\"COMPLETED\"");
    Path page = folder.resolve("report.html");
    run(ExitCode.OK, "chaos", "report", id, "--format", "html", "-o", page.toString());
    assertThat(page).content().startsWith("<!DOCTYPE html>");
    assertThat(run(ExitCode.FAILED, "chaos", "stop", id).err()).contains("ended already");
  }

  @Test
  void asManyTrialsAsTheServerIsSetAreMadeWhereNothingElseIsSaid() throws Exception {
    Path space =
        Files.writeString(
            folder.resolve("space.yaml"),
            "dimensions: [{name: error_code, type: integer, bounds: [500, 520]}]");

    Shell run = run(ExitCode.OK, "chaos", "run", "shop", "--space", space.toString());

    assertThat(run.out()).contains("4 of 4 trials");
  }

  @Test
  void whatIsWrongIsSaidWithItsField() {
    assertThat(run(ExitCode.FAILED, "chaos", "run", "other").err())
        .contains("service_name", "shop");
  }

  @Test
  void faultsAreAppliedShownAndTakenBack() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("slow.yaml"),
            """
            metadata: {name: slow-pricing}
            spec:
              selector: {service: pricing}
              rules:
                - match: {path: {prefix: /}}
                  fault: {percentage: 50, delay: {fixed_delay_ms: 500}}
            """);

    assertThat(
            run(
                    ExitCode.OK,
                    "chaos",
                    "policy",
                    "apply",
                    "-f",
                    file.toString(),
                    "--duration-seconds",
                    "60")
                .out())
        .contains("faultinjectionpolicy.hfi.dev \"slow-pricing\" applied");
    assertThat(run(ExitCode.OK, "chaos", "policy", "list").out())
        .contains("slow-pricing", "pricing");
    assertThat(run(ExitCode.OK, "chaos", "policy", "describe", "slow-pricing").out())
        .contains("fixed_delay_ms: 500", "duration_seconds: 60");
    assertThat(run(ExitCode.OK, "chaos", "policy", "get", "slow-pricing", "-o", "json").out())
        .contains("\"slow-pricing\"");
    assertThat(run(ExitCode.OK, "chaos", "policy", "delete", "slow-pricing").out())
        .contains("\"slow-pricing\" deleted");
    assertThat(run(ExitCode.OK, "chaos", "policy", "get").out()).doesNotContain("slow-pricing");
    assertThat(run(ExitCode.OK, "chaos", "sweep", "nobody").out()).contains("no fault of nobody");
    assertThat(run(ExitCode.OK, "chaos", "sweep").out())
        .contains("no fault of the", "sessions that are over is in force");
  }

  @Test
  void aHaltTakesEverythingBackAndLetsNothingIn() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("gone.yaml"),
            """
            metadata: {name: gone}
            spec: {rules: [{match: {path: {prefix: /}}, fault: {percentage: 100, abort: {httpStatus: 503}}}]}
            """);
    run(ExitCode.OK, "chaos", "policy", "apply", "-f", file.toString());

    assertThat(run(ExitCode.OK, "chaos", "halt").out()).contains("no fault is in force");

    assertThat(run(ExitCode.OK, "chaos", "policy", "list").out()).doesNotContain("gone");
    run(ExitCode.FAILED, "chaos", "policy", "apply", "-f", file.toString());
    run(ExitCode.OK, "chaos", "resume");
    run(ExitCode.OK, "chaos", "policy", "apply", "-f", file.toString());
  }

  @Test
  void theDemonstrationFindsMoreThanChance() {
    Shell shell = new Shell();

    Path page = folder.resolve("demo.html");
    assertThat(shell.run("demo", "chaos", "--trials", "100", "--report", page.toString()))
        .isEqualTo(ExitCode.OK);

    assertThat(page).content().startsWith("<!DOCTYPE html>").contains("edge&gt;pricing");
    assertThat(shell.out())
        .contains("by chance", "Belay", "POST /checkout | 500 | edge>pricing>tax");
    Shell json = new Shell();
    assertThat(json.run("demo", "chaos", "--trials", "100", "--json", "--report", page.toString()))
        .isEqualTo(ExitCode.OK);
    assertThat(json.out()).contains("\"planted\":12");
  }
}

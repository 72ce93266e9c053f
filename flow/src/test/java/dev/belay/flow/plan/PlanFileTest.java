package dev.belay.flow.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.belay.Cases;
import dev.belay.flow.FailureMode;
import dev.belay.flow.ParityRules;
import dev.belay.flow.Plan;
import dev.belay.flow.PlanException;
import dev.belay.flow.Task;
import dev.belay.flow.WorktreeRules;
import dev.belay.settings.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanFileTest {
  private static final String WHOLE =
      """
      name: release
      limits: {concurrency: 3, cost: 20, tokens: 2000000}
      retry: {max_attempts: 4, backoff_strategy: exponential, base_delay: 2s, max_backoff_delay: 1m}
      backends:
        shell: {type: command, command: [sh, -s], concurrency: 2, grace: 1s}
        gateway:
          {type: http, url: "http://127.0.0.1:8090/v1", key_variable: GATEWAY_KEY, model: smart}
        claude: {type: claude, account: team, args: [--permission-mode, plan]}
      roles:
        coder: {backends: [claude, codex], model: big, system_prompt: "be careful", tools: [Edit]}
        reviewer: {backend: gateway}
      workflows:
        standard:
          steps:
            - {role: coder}
            - {role: reviewer, prompt: "judge {{previous}}", back_to: coder, rounds: 2}
      questions: {role: reviewer, timeout: 1h, most: 3}
      worktrees: {strategy: squash, target: main}
      tasks:
        - id: log
          backend: shell
          prompt: echo "${HOME} and $${x}"
        - id: notes
          role: coder
          workflow: standard
          needs: [log]
          prompt: |
            Write notes from {{log}}
          failure: soft
          priority: 5
          timeout: 30m
          idle_timeout: 5m
          writes: [NOTES.md, docs/**]
          budget: {cost: 2.5, tokens: 1000}
          retry: {max_attempts: 2}
      """;

  @TempDir Path directory;

  private Plan read(String text) {
    return PlanFile.read(text, "plan.yaml", directory);
  }

  @Test
  void readsAWholePlan() {
    Plan plan = read(WHOLE);

    assertThat(plan.name()).isEqualTo("release");
    assertThat(plan.limits().cost()).isEqualTo(20);
    assertThat(plan.tasks()).containsOnlyKeys("log", "notes");
    Task notes = plan.task("notes");
    assertThat(notes.failure()).isEqualTo(FailureMode.SOFT);
    assertThat(notes.limits().timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(notes.retry().orElseThrow().maxAttempts()).isEqualTo(2);
    assertThat(notes.writes()).containsExactlyInAnyOrder("NOTES.md", "docs/**");
    assertThat(plan.worktrees().strategy()).isEqualTo(WorktreeRules.Strategy.SQUASH);
    assertThat(plan.steps(notes).get(1).back().orElseThrow().rounds()).isEqualTo(2);
    assertThat(plan.backend("codex").type()).isEqualTo("codex");
  }

  @Test
  void aPromptIsTakenAsItStands() {
    assertThat(read(WHOLE).task("log").prompt()).isEqualTo("echo \"${HOME} and $${x}\"");
  }

  @Test
  void whatIsWrittenReadsTheSame() {
    Plan plan = read(WHOLE);
    String text = PlanFile.write(plan);

    assertThat(PlanFile.write(read(text))).isEqualTo(text);
    assertThat(read(text).task("notes").prompt()).isEqualTo(plan.task("notes").prompt());
  }

  @Test
  void takesTheTwoLibrariesOfGoByTheirNames() {
    Plan plan =
        read(
            """
            retry: {preset: backoff-v4}
            circuit_breaker: {preset: gobreaker-v1, failures: 7}
            tasks: [{id: a, role: claude, prompt: x}]
            """);

    assertThat(plan.parity().orElseThrow().failures()).isEqualTo(7);
    assertThat(plan.parity().orElseThrow().initial()).isEqualTo(ParityRules.DEFAULT.initial());
    assertThat(read(PlanFile.write(plan)).parity()).isEqualTo(plan.parity());
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceByLine() {
    assertThatThrownBy(() ->
            read(
                """
                tasks:
                  - {id: A, role: claude, prompt: x, needs: [C]}
                  - {id: B, role: claude, prompt: x, needs: [A, gone, lost]}
                  - {id: C, role: claude, prompt: x, needs: [B]}
                  - {id: D, role: nobody, prompt: x}
                  - {id: D, role: claude, prompt: x}
                  - {id: E, role: claude, prompt: x, needs: [E]}
                """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plan.yaml:3: tasks.B.needs: there is no task gone, lost")
        .hasMessageContaining("plan.yaml:2: tasks.A.needs: goes round in a circle: A → B → C → A")
        .hasMessageContaining("plan.yaml:7: tasks.E.needs: goes round in a circle: E → E")
        .hasMessageContaining("tasks.D.role: there is no role or backend 'nobody'")
        .hasMessageContaining("plan.yaml:6: tasks.D: is there 2 times");
  }

  @Test
  void unknownKeysAndTypesNameTheNearest() {
    assertThatThrownBy(() ->
            read(
                """
                backends: {x: {type: cluade}}
                tasks: [{id: a, role: x, promt: x}]
                """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean claude?")
        .hasMessageContaining("did you mean prompt?");
  }

  @Test
  void aPlanIsCheckedWhenItIsBuiltInJavaAsWell() {
    assertThatThrownBy(() ->
            Plan.named("x")
                .task(Task.of("a", "claude", "do").needs("b"))
                .task(Task.of("b", "claude", "do").needs("a"))
                .build())
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("a → b → a")
        .hasMessageContaining("there is no role or backend 'claude'");
  }

  @Test
  void promptsMayBeFilesOfManyMegabytes() throws Exception {
    Files.writeString(directory.resolve("long.txt"), "x".repeat(5 << 20));

    Plan plan = read("tasks: [{id: a, role: claude, prompt_file: long.txt}]");

    assertThat(plan.task("a").prompt()).hasSize(5 << 20);
    assertThat(PlanFile.read(PlanFile.write(plan), "again", directory).task("a").prompt())
        .hasSize(5 << 20);
  }

  @Test
  void aMissingPlanOrPromptIsSaidPlainly() {
    assertThatThrownBy(() -> PlanFile.load(directory.resolve("no.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> read("tasks: [{id: a, role: claude, prompt_file: no.txt}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("there is no such file");
  }

  static Stream<Arguments> unreadable() {
    byte[] secret = "tasks: [{id: a, role: claude, prompt: canary-1 \377}]".getBytes(ISO_8859_1);
    return Stream.of(
        arguments(bytes("tasks: [{id: a"), "plan.yaml:1: "),
        arguments(bytes("tasks: {\ta: \"\n"), "plan.yaml:1: "),
        arguments(bytes("a\0b"), "plan.yaml:1: "),
        arguments(bytes("just words"), "plan.yaml:1: "),
        arguments(bytes(""), "tasks: "),
        arguments(bytes("tasks: []"), "tasks: "),
        arguments(bytes("--- {}\n--- {}"), "plan.yaml:2: "),
        arguments(new byte[] {(byte) 0x7f, 'E', 'L', 'F', (byte) 0xff}, "is not UTF-8 text"),
        arguments(secret, "is not UTF-8 text"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void aPlanThatCannotBeReadIsSaidPlainlyWithItsName(byte[] content, String said) throws Exception {
    Path file = Files.write(directory.resolve("plan.yaml"), content);

    assertThatThrownBy(() -> PlanFile.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("plan.yaml")
        .hasMessageNotContaining("canary");
  }

  @Test
  void aPlanThatIsNoFileIsSaidPlainly() {
    assertThatThrownBy(() -> PlanFile.load(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is a directory, not a file");
  }

  @Test
  void aCircleOfTenThousandTasksIsFoundWithoutOverflow() {
    Plan.Builder plan = Plan.named("deep");
    int size = 10_000;
    for (int i = 0; i < size; i++) {
      plan.task(Task.of("t" + i, "x", "do").needs("t" + (i + 1) % size));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThat(plan.problems())
                .anyMatch(problem -> problem.message().startsWith("goes round in a circle: t0")));
  }

  @Test
  void noTextMakesTheReaderFailInAnotherWay() {
    Cases.check(
        300,
        java.util.random.RandomGenerator::nextLong,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          StringBuilder text = new StringBuilder(WHOLE);
          for (int i = 0; i < 1 + random.nextInt(8); i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
              case 0 -> text.deleteCharAt(at);
              case 1 -> text.insert(at, (char) (' ' + random.nextInt(90)));
              default -> text.setCharAt(at, "{}[]:,-'\"\n".charAt(random.nextInt(10)));
            }
          }
          try {
            var unused = read(text.toString());
          } catch (ConfigException said) {
            assertThat(said.getMessage()).contains("plan.yaml");
          }
        });
  }
}

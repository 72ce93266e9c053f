package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import dev.belay.Time;
import dev.belay.flow.backend.Backends;
import dev.belay.server.store.Store;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The room of the runs in the system's browser, over a real server whose agents are shells. */
@Timeout(60)
class RunsPageTest {
  private static final String MARKUP =
      "<img src=x onerror=window.broken=1><script>broken=1</script>";

  /** What the agents do, by the task that they are given. */
  private static final String AGENT =
      """
      prompt=$(cat)
      wait_for() { until [ -e "$1" ]; do sleep 0.02; done; }
      case "$BELAY_TASK" in
        first) echo "looks around"; wait_for go; echo '%s' ;;
        chatty) seq 1 700; wait_for go ;;
        asks)
          case "$prompt" in *"as blue as"*) said="painted it" ;; *) said='QUESTION: Which colour? %s' ;; esac
          echo '{"type":"result","subtype":"success","is_error":false,"result":"'"$said"'"}' ;;
        long) printf 'x%%.0s' $(seq 1 25000) ;;
        stays) echo "stays"; wait_for never ;;
        broken) [ -e mended ] || { echo '%s' >&2; exit 1; }; echo "mended" ;;
        limited) [ -e more ] || { touch more; echo "You have reached your usage limit. Try again in 2 hours" >&2; exit 1; }
          echo "went on" ;;
        *) echo "did $BELAY_TASK" ;;
      esac
      """
          .formatted(MARKUP, MARKUP, MARKUP);

  private static final String DIAMOND =
      """
      name: "diamond %s"
      backends:
        shell: {type: command, command: [/bin/sh, agent.sh]}
      tasks:
        - {id: first, backend: shell, prompt: Look around.}
        - {id: left, backend: shell, needs: [first], prompt: "Go left."}
        - {id: right, backend: shell, needs: [first], prompt: "Go right."}
        - {id: last, backend: shell, needs: [left, right], prompt: "Come together."}
      """
          .formatted(MARKUP);

  private static final String EVENTS = "**/api/v1/runs/*/events";

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  @TempDir private Path directory;

  private Api api;
  private Screen screen;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(directory.resolve("agent.sh"), AGENT);
    api =
        Api.start(
            """
            control: {port: 0}
            proxy: {port: 0, socks_port: 0}
            flow: {files: '%s'}
            """
                .formatted(directory.resolve("files")),
            Store.inMemory(),
            settings -> Backends.create(settings, Map.of("PATH", "/usr/bin:/bin"), Time.system()));
    screen = Screen.open(CHROMIUM.browser(), api).go();
    screen.at("#tab-runs").click();
  }

  @AfterEach
  void close() throws Exception {
    screen.close();
    api.close();
  }

  private String submit(String plan) throws Exception {
    JsonObject body = new JsonObject().put("plan", plan).put("directory", directory.toString());
    HttpResponse<String> answer = api.json("POST", "/api/v1/runs", body.encode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Api.body(answer).get("run").stringValue();
  }

  /** Tasks of these names, none of which needs another. */
  private static String plan(String... tasks) {
    StringBuilder plan =
        new StringBuilder(
            """
            backends:
              shell: {type: command, command: [/bin/sh, agent.sh]}
              talker: {type: claude, command: [/bin/sh, agent.sh]}
            tasks:
            """);
    for (String task : tasks) {
      String backend = task.equals("asks") ? "talker" : "shell";
      plan.append("  - {id: %s, backend: %s, prompt: Do it.}\n".formatted(task, backend));
    }
    return plan.toString();
  }

  private void touch(String file) throws IOException {
    Files.createFile(directory.resolve(file));
  }

  /** As a link to it would. */
  private void choose(String run) {
    screen.page().evaluate("run => { location.hash = '#runs/' + run; }", run);
  }

  private Locator line(String run) {
    return screen.at("#runs li[data-run='%s'] button".formatted(run));
  }

  private Locator node(String task) {
    return screen.at(".graph .node[data-task='%s']".formatted(task));
  }

  private void awaits(String task, String state, String mark) {
    assertThat(node(task)).hasAttribute("data-state", state);
    assertThat(node(task).locator(".sign")).hasText(mark);
  }

  @Test
  void drawsWhatNeedsWhatAndShowsHowItGoesOn() throws Exception {
    assertThat(screen.at("#runs .empty")).containsText("belay run PLAN");
    assertThat(screen.at("#run .empty")).hasText("Choose a run to see it.");
    screen.shoot("runs-empty");
    String other = submit(plan("left"));
    String run = submit(DIAMOND);
    line(run).click();

    assertThat(node("first")).isVisible();
    assertThat(screen.at(".graph .node")).hasCount(4);
    assertThat(screen.at(".graph .edge")).hasCount(4);
    assertThat(screen.at(".graph .edge[data-from=first][data-to=left]")).hasCount(1);
    assertThat(screen.at(".graph .edge[data-from=right][data-to=last]")).hasCount(1);
    awaits("first", "running", "●");
    awaits("last", "waiting", "○");
    assertThat(line(run)).containsText("0/4 tasks");
    node("first").click();
    assertThat(screen.at("#task-title")).hasText("Task first");
    assertThat(screen.at("#task .output")).hasText("looks around");
    assertThat(screen.at("#task .attempts tbody tr")).containsText("● running");
    assertThat(screen.at("#run .run-backends tbody tr")).containsText("closed");
    screen.shoot("runs");

    touch("go");

    for (String task : new String[] {"first", "left", "right", "last"}) {
      awaits(task, "completed", "✓");
    }
    assertThat(screen.at("#task .output")).containsText(MARKUP);
    assertThat(screen.at("#task .attempts tbody tr")).containsText("✓ success");
    assertThat(screen.at("#run .standing")).containsText("✓ completed");
    assertThat(line(run)).containsText("4/4 tasks");
    assertThat(line(other)).containsText("1/1 tasks");
    assertThat(line(run)).containsText("diamond " + MARKUP);
    screen.button("Show the result").click();
    assertThat(screen.at("#task .result")).containsText(MARKUP);
    assertThat(screen.at("#run .run-backends tbody tr")).containsText("not in use");
    assertThat(screen.at("main img")).hasCount(0);
    assertThat(screen.page().evaluate("window.broken === undefined")).isEqualTo(true);
  }

  @Test
  void isWalkedThroughByKeyboardAndKeepsItsPlaceOnReload() throws Exception {
    String run = submit(DIAMOND);
    choose(run);
    node("first").click();
    node("first").press("ArrowRight");
    assertThat(node("left")).isFocused();
    node("left").press("ArrowDown");
    assertThat(node("right")).isFocused();
    node("right").press("ArrowRight");
    assertThat(node("last")).isFocused();
    assertThat(screen.at("#task-title")).hasText("Task first");
    node("last").press("Enter");
    assertThat(screen.at("#task-title")).hasText("Task last");
    assertThat(node("last")).hasAttribute("aria-selected", "true");
    node("last").press("Home");
    assertThat(node("first")).isFocused();
    assertThat(screen.page()).hasURL(api.server().control() + "/#runs/" + run + "/last");

    screen.page().reload();

    assertThat(screen.at("#task-title")).hasText("Task last");
    assertThat(node("last")).hasAttribute("aria-selected", "true");
    assertThat(line(run)).hasAttribute("aria-pressed", "true");
    screen.button("Table").click();
    assertThat(screen.at(".tasks tbody tr")).hasCount(4);
    screen.at(".tasks tr[data-task=right] button").press("Enter");
    assertThat(screen.at("#task-title")).hasText("Task right");
    touch("go");
    assertThat(screen.at(".tasks tr[data-task=right]")).containsText("✓ completed");
  }

  @Test
  void answersWhatAnAgentAsks() throws Exception {
    choose(submit(plan("asks")));
    awaits("asks", "asking", "?");
    node("asks").click();
    assertThat(screen.at("#task .question .said")).hasText("Which colour? " + MARKUP);
    screen.at("#answer-1").fill("as blue as the sky " + MARKUP);
    screen.at("#answer-1-by").fill("ann");
    screen.shoot("runs-question");
    screen.button("Answer").click();

    awaits("asks", "completed", "✓");
    assertThat(screen.at("#task .question")).containsText("Answer of ann");
    assertThat(screen.at("#task .question .said").last()).containsText("as blue as the sky");
    assertThat(screen.at("#task .attempts tbody tr")).hasCount(2);
    assertThat(screen.at("main img")).hasCount(0);
  }

  @Test
  void cancelsAndRetriesAndResumes() throws Exception {
    String run = submit(plan("stays", "broken"));
    choose(run);
    awaits("broken", "failed", "✗");
    node("broken").click();
    assertThat(screen.at("#task .why")).not().isEmpty();
    screen.button("Retry task").click();
    assertThat(screen.at("#task .error").first()).containsText("running");

    node("stays").click();
    screen.button("Cancel task").click();
    screen.button("Let it go on").click();
    awaits("stays", "running", "●");
    screen.button("Cancel task").click();
    screen.button("Cancel this task").click();
    awaits("stays", "cancelled", "⊗");
    assertThat(screen.at("#run .standing")).containsText("failed");

    touch("mended");
    node("broken").click();
    screen.button("Retry task").click();
    awaits("broken", "completed", "✓");
    assertThat(screen.at("#task .attempts tbody tr")).hasCount(2);
    assertThat(screen.at("#task .output")).containsText("mended");

    screen.button("Resume run").click();
    awaits("stays", "running", "●");
    screen.button("Cancel run").click();
    screen.button("Cancel this run").click();
    assertThat(screen.at("#run .standing")).containsText("cancelled");
    awaits("stays", "cancelled", "⊗");
  }

  @Test
  void endsTheRestOfAnAccount() throws Exception {
    choose(submit(plan("limited")));
    awaits("limited", "parked", "‖");
    assertThat(screen.at("#run .rests li")).containsText("shell rests, goes on in");
    node("limited").click();
    assertThat(screen.at("#task .until")).containsText("goes on in");
    screen.shoot("runs-rest");

    screen.at("#run .rests button").click();

    awaits("limited", "completed", "✓");
    assertThat(screen.at("#run .rests li")).hasCount(0);
  }

  @Test
  void keepsSoMuchOutputAndCutsLongResults() throws Exception {
    choose(submit(plan("chatty", "long")));
    node("chatty").click();
    Locator output = screen.at("#task .output");
    assertThat(output).containsText("\n700\n");
    assertThat(screen.page().evaluate("document.querySelector('.output').childNodes.length"))
        .isEqualTo(500);
    assertThat(
            screen
                .page()
                .evaluate(
                    "(o => o.scrollTop + o.clientHeight >= o.scrollHeight - 8)"
                        + "(document.querySelector('.output'))"))
        .isEqualTo(true);
    touch("go");
    awaits("long", "completed", "✓");
    node("long").click();
    screen.button("Show the result").click();
    assertThat(screen.at("#task .hint"))
        .hasText("The first 20,000 of 25,000 characters. Save all of it");
    assertThat(screen.page().evaluate("document.querySelector('.result').textContent.length"))
        .isEqualTo(20_000);
  }

  @Test
  void submitsAPlanAndShowsWhatIsWrongWithItByLine() {
    screen.button("Submit a plan").click();
    screen.at("#plan-directory").fill(directory.toString());
    screen.at("#plan").fill(plan("left") + "    nonsense: 1\n  - {id: b, promt: x}\n");
    screen.button("Run it").click();
    assertThat(screen.at("#plan-problems li").first()).containsText("Line ");
    screen
        .at("#plan")
        .fill(plan("left", "right").replace("prompt: Do it.", "needs: [nobody], prompt: x"));
    screen.button("Run it").click();
    assertThat(screen.at("#plan-problems li").first()).containsText("Line 5");
    assertThat(screen.at("#plan-problems li").nth(1)).containsText("Line 6");
    screen.shoot("runs-plan");
    screen.button("Line 6").click();
    assertThat(screen.page().evaluate("document.querySelector('#plan').selectionStart"))
        .isEqualTo(screen.at("#plan").inputValue().indexOf("  - {id: right"));

    screen.at("#plan").fill(plan("left", "right"));
    screen.button("Run it").click();

    awaits("left", "completed", "✓");
    awaits("right", "completed", "✓");
  }

  /**
   * Letters that are keys elsewhere on the page are letters here, and nothing is closed by them.
   */
  @Test
  void whatIsTypedIntoAFieldIsTextWhateverTheKeysMeanElsewhere() throws Exception {
    choose(submit(plan("stays")));
    screen.button("Submit a plan").click();
    screen.at("#plan").click();

    screen.page().keyboard().type("s / j k q r 1 2 3\n  - x");
    screen.page().keyboard().press("Home");
    screen.page().keyboard().press("ArrowUp");
    screen.page().keyboard().type("?");

    assertThat(screen.at("#plan")).isVisible();
    assertThat(screen.at("#plan")).hasValue("?s / j k q r 1 2 3\n  - x");
    assertThat(screen.at("#plan")).isFocused();
    screen.page().keyboard().press("Escape");
    assertThat(screen.at("#plan")).isHidden();
    awaits("stays", "running", "●");
  }

  @Test
  void comesBackAfterTheConnectionIsLost() throws Exception {
    String run = submit(DIAMOND);
    screen.page().route(EVENTS, Route::abort);
    choose(run);
    assertThat(screen.at("#run .empty")).isVisible();
    assertThat(screen.at("#run-lost")).containsText("The connection to this run is lost");

    screen.page().unroute(EVENTS);
    screen.at("#run-lost button").click();

    awaits("first", "running", "●");
    assertThat(screen.at("#run-lost")).isHidden();
  }

  @Test
  void goesOnFromTheLastEventThatItSaw() throws Exception {
    String run = submit(DIAMOND);
    JsonNode view = api.read("/api/v1/runs/" + run);
    String snapshot = "id: %s\nevent: snapshot\ndata: %s\n\n".formatted(view.get("sequence"), view);
    screen
        .page()
        .route(
            EVENTS,
            route ->
                route.fulfill(
                    new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(snapshot)),
            new Page.RouteOptions().setTimes(1));
    choose(run);
    assertThat(node("first")).isVisible();

    Request again = screen.page().waitForRequest(Pattern.compile(".*/events$"), () -> {});

    assertThat(again.headerValue("Last-Event-ID")).isEqualTo(view.get("sequence").toString());
    touch("go");
    awaits("last", "completed", "✓");
  }

  @Test
  void drawsLargePlansWithoutFreezingAndListsTheLargest() {
    assertThat(screen.at("#plan-of-run")).isVisible();
    Object took =
        screen
            .page()
            .evaluate(
                """
                async () => {
                  const { graph } = await import('/page/run-graph.js');
                  const tasks = Array.from({length: 2000}, (_, i) => ({task: `task-${i}`, state: 'waiting', attempts: 0,
                    needs: i < 100 ? [] : [`task-${i - 100}`, `task-${i - 100 + (i * 7) % 50}`]}));
                  const drawing = graph(() => {});
                  document.querySelector('#plan-of-run').append(drawing.element);
                  const begin = performance.now();
                  drawing.draw(tasks);
                  drawing.element.getBoundingClientRect();
                  const drawn = performance.now() - begin;
                  drawing.update(tasks.map(task => ({...task, state: 'completed'})));
                  return drawn;
                }
                """);
    assertThat(((Number) took).doubleValue()).isLessThan(3_000);
    assertThat(screen.at(".graph .node[data-state=completed]")).hasCount(2_000);
    assertThat(screen.at(".graph[data-compact]")).hasCount(1);
    screen.shoot("runs-large");

    screen
        .page()
        .evaluate(
            """
            async () => {
              const { planPanel } = await import('/page/run-plan.js');
              const tasks = Array.from({length: 2001}, (_, i) => ({task: `task-${i}`, state: 'failed', attempts: 2, needs: [], why: 'x'}));
              const model = {id: 'large', standing: 'live', tasks: new Map(tasks.map(task => [task.task, task]))};
              const plan = planPanel(model, () => {});
              document.querySelector('#plan-of-run').replaceWith(plan.element);
              plan.draw();
            }
            """);
    assertThat(screen.at(".graph .node")).hasCount(0);
    assertThat(screen.at(".tasks tbody tr")).hasCount(500);
    assertThat(screen.at(".tasks tbody tr").first()).containsText("✗ failed");
    assertThat(screen.at("#plan-of-run .pages .count")).hasText("500 of 2,001 tasks");
    screen.at("#plan-of-run .pages button").click();
    assertThat(screen.at(".tasks tbody tr")).hasCount(1_000);
  }

  @Test
  void canBeReadByEverybody() throws Exception {
    String run =
        submit(
            plan("stays", "broken", "asks", "left")
                + "  - {id: next, backend: shell, needs: [broken], prompt: x}\n");
    try (Screen dark = Screen.dark(CHROMIUM.browser(), api).go();
        Screen phone = Screen.phone(CHROMIUM.browser(), api).go()) {
      for (Screen one : new Screen[] {screen, dark, phone}) {
        one.page().navigate(api.server().control() + "/#runs/" + run + "/asks");
        assertThat(one.at("#answer-1")).isVisible();
        assertThat(one.at(".node[data-state=blocked] .sign")).hasText("⊘");
        assertThat(one.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
        assertThat(one.page().evaluate(Legibility.NAMELESS).toString()).isEqualTo("[]");
        assertThat(one.page().evaluate("document.documentElement.scrollWidth <= screen.width"))
            .isEqualTo(true);
      }
      screen.shoot("runs-light");
      dark.shoot("runs-dark");
      phone.shoot("runs-phone");
    }
  }
}

package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The room of the faults in the system's browser, over a real server with systems to search. */
@Timeout(120)
class FaultsPageTest {
  private static final String MARKUP = "<img src=x onerror=window.broken=1>";
  private static final String ALL = "/v1/optimization/sessions";
  private static final int TRIALS = 120;

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  @TempDir private Path directory;

  private final TestSystems systems = new TestSystems(MARKUP);
  private final List<String> errors = new ArrayList<>();
  private Api api;
  private Screen screen;

  private String config(String folder, String services) {
    return """
    control: {port: 0}
    proxy: {port: 0, socks_port: 0}
    chaos: {sessions: '%s'%s}
    """
        .formatted(directory.resolve(folder), services);
  }

  @BeforeEach
  void open() throws Exception {
    api =
        Api.start(
            config("sessions", ", services: {gone: {url: 'http://127.0.0.1:9/'}}"),
            systems::beside);
    screen = Screen.open(CHROMIUM.browser(), api);
    screen.page().onConsoleMessage(this::hear);
    screen.go();
    screen.at("#tab-faults").click();
  }

  private void hear(ConsoleMessage message) {
    if (message.type().equals("error")) {
      errors.add(message.text());
    }
  }

  @AfterEach
  void close() throws Exception {
    screen.close();
    api.close();
  }

  private String begin(String service, int trials) throws Exception {
    JsonObject body =
        new JsonObject().put("service_name", service).put("max_trials", trials).put("seed", 7);
    HttpResponse<String> answer = api.json("POST", ALL, body.encode());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Api.body(answer).get("session_id").stringValue();
  }

  /** A session that is over. */
  private String search(String service, int trials) throws Exception {
    systems.letAll();
    String id = begin(service, trials);
    Api.eventually("it is over", () -> status(id).equals("COMPLETED"));
    systems.hold();
    return id;
  }

  private String status(String id) {
    try {
      return api.read(ALL + "/" + id).get("status").stringValue();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  /** As a link to it would. */
  private void choose(String session) {
    screen.page().evaluate("id => { location.hash = '#faults/' + id; }", session);
  }

  private Locator line(String session) {
    return screen.at("#sessions li[data-session='%s'] button".formatted(session));
  }

  private Locator standing() {
    return screen.at("#session .standing");
  }

  private Locator defect(int place) {
    return screen.at("#defects tbody tr").nth(place);
  }

  @Test
  void startsASessionAndFollowsItToItsEnd() {
    assertThat(screen.at("#sessions .empty")).containsText("belay chaos run odd");
    assertThat(screen.at("#session .empty")).hasText("Choose a session to see it, or start one.");
    assertThat(screen.at("#curves")).isHidden();
    assertThat(screen.at("#in-force")).hasText("no fault in force");
    screen.shoot("faults-empty");
    screen.button("Start a session").click();
    screen.at("#fault-service").selectOption(TestSystems.SHOP);
    screen.at("#fault-trials").fill(Integer.toString(TRIALS));
    screen.at("#fault-minutes").fill("5");
    screen.at("#fault-seed").fill("7");
    screen.shoot("faults-start");
    screen.button("Start").click();

    assertThat(standing()).hasText("● running");
    assertThat(screen.at("#session-left")).hasText("The healthy system is looked at first.");
    assertThat(screen.at("#curves .empty")).hasText("The first trial is still to come.");
    assertThat(screen.at("#heat .empty")).hasText("No fault has been put in force yet.");
    assertThat(screen.at("#defects .empty")).hasText("None has been found so far.");
    assertThat(screen.at("#safety .empty")).hasText("The guard had nothing to do.");
    systems.let(TestSystems.HEALTHY + 12);
    assertThat(screen.at("#sessions li button")).containsText("12/120 trials");
    assertThat(screen.at("#session .fault-progress")).hasAttribute("aria-valuenow", "12");
    assertThat(screen.at("#session-left")).containsText(" left.");
    assertThat(screen.at("#trials tbody tr")).hasCount(13);
    assertThat(screen.at("#trials tbody tr").first()).containsText("● is tried now");
    assertThat(screen.at("#trials tbody tr").nth(1)).hasAttribute("data-trial", "12");
    assertThat(screen.at("#curves .readout").first()).containsText("After trial 12: ");
    assertThat(screen.at("#curves .tick").last()).hasText("trial 120");
    screen.shoot("faults-running");

    systems.letAll();

    assertThat(standing()).hasText("✓ completed: all 120 trials are done");
    assertThat(screen.at("#sessions li button")).containsText("120/120 trials");
    assertThat(screen.at("#sessions li button")).containsText("best score ");
    assertThat(screen.at("#curves path.steps")).hasCount(2);
    assertThat(screen.at("#curves .readout").last()).containsText("After trial 120: ");
    assertThat(screen.at("#curves .rise").last()).isVisible();
    assertThat(screen.at("#curves path.luck")).hasCount(1);
    assertThat(screen.at("#curves .curve-key").first()).isHidden();
    assertThat(screen.at("#curves .curve-key").last()).hasText("dashed: expected by chance");
    assertThat(screen.at("#curves .readout").last())
        .hasText(Pattern.compile("After trial 120: \\d+; by chance, \\d+\\.\\d would be expected"));
    assertThat(screen.at("#trials tbody tr")).hasCount(50);
    assertThat(screen.button("Abort now")).isHidden();
    assertThat(screen.at("#session-left")).isHidden();
    assertThat(screen.at("#heat .trust")).isHidden();
    assertThat(errors).isEmpty();
  }

  @Test
  void showsWhatWasFoundAsTheReportHasIt() throws Exception {
    String id = search(TestSystems.SHOP, TRIALS);
    var report = api.read(ALL + "/" + id + "/report");
    choose(id);

    int defects = report.get("defects").size();
    assertThat(defects).isGreaterThan(5);
    assertThat(screen.at("#defects tbody tr")).hasCount(defects);
    assertThat(line(id)).containsText(defects + " defects");
    for (int i = 0; i < defects; i++) {
      var one = report.get("defects").get(i);
      assertThat(defect(i).locator("button")).hasText(one.get("signature").stringValue());
      assertThat(defect(i)).containsText("of 10");
      assertThat(defect(i)).containsText(one.at("/hints/0/title").stringValue("no known pattern"));
      if (one.has("minimal")) {
        assertThat(defect(i)).containsText(one.at("/minimal/odds/hits").intValue() + " of ");
      }
    }
    String[] states = {"tolerated", "fails", "never_struck", "unclear", "untested"};
    for (String state : states) {
      long cells =
          report
              .get("heat_map")
              .valueStream()
              .flatMap(row -> row.get("faults").valueStream())
              .filter(cell -> cell.stringValue().equals(state))
              .count();
      assertThat(screen.at("#heat td." + state)).hasCount((int) cells);
    }
    var pairs = report.at("/coverage/edge_pairs");
    assertThat(screen.at("#heat .left"))
        .containsText("%s of %s (".formatted(pairs.get("struck"), pairs.get("of")));
    assertThat(screen.at("#heat td.fails").first()).hasText("✗ fails");
    assertThat(screen.at("#heat td.tolerated").first()).hasText("✓ borne");
    assertThat(
            screen
                .at("#heat tbody th")
                .filter(new Locator.FilterOptions().setHasText("pricing>tax")))
        .hasCount(1);

    defect(0).locator("button").press("Enter");

    var first = report.get("defects").get(0);
    assertThat(screen.at("#defect-title")).hasText(first.get("signature").stringValue());
    assertThat(screen.at("#defect-title")).isInViewport();
    assertThat(screen.at("#defect .waterfall")).hasCount(2);
    assertThat(screen.at("#defect .waterfall").first().locator("li"))
        .hasCount(first.get("healthy_trace").size());
    assertThat(screen.at("#defect .waterfall").last().locator("li"))
        .hasCount(first.get("failing_trace").size());
    assertThat(screen.at("#defect .waterfall").first().locator("li[data-struck]")).hasCount(0);
    assertThat(screen.at("#defect .waterfall").last().locator("li[data-struck]").first())
        .containsText("⚡");
    assertThat(screen.at("#defect .advice").first())
        .containsText(first.at("/hints/0/advice").stringValue());
    assertThat(screen.at("#defect .parts tr").first()).containsText("bug");
    assertThat(screen.page())
        .hasURL(api.server().control() + "/#faults/" + id + "/" + first.get("trial").intValue());
    screen.shoot("faults");

    screen.page().reload();

    assertThat(screen.at("#defect-title")).hasText(first.get("signature").stringValue());
    assertThat(defect(0).locator("button")).hasAttribute("aria-pressed", "true");
    assertThat(line(id)).hasAttribute("aria-pressed", "true");
    assertThat(errors).isEmpty();
  }

  @Test
  void stopsAndAborts() throws Exception {
    String id = begin(TestSystems.SHOP, 100);
    systems.let(TestSystems.HEALTHY + 2);
    choose(id);
    assertThat(screen.at("#sessions li button")).containsText("2/100 trials");
    screen.button("Stop").click();
    screen.button("Let it go on").click();
    assertThat(standing()).containsText("● running");
    screen.button("Stop").click();
    screen.button("Stop this session").click();
    assertThat(standing()).containsText("stopping: stopped: by hand on the page");
    assertThat(screen.button("Stop")).isHidden();
    systems.let(1);
    assertThat(standing()).hasText("■ completed: stopped: by hand on the page");
    assertThat(line(id)).containsText("3/100 trials");

    String other = begin(TestSystems.SHOP, 100);
    line(other).press("Enter");
    assertThat(standing()).containsText("● running");
    screen.button("Abort now").click();

    assertThat(standing()).hasText("■ completed: aborted: by hand on the page");
    assertThat(screen.at("#trials .empty")).hasText("No trial was made yet.");
    assertThat(screen.at("#sessions li").first()).hasAttribute("data-session", other);
    assertThat(errors).isEmpty();
  }

  @Test
  void haltsEverythingAndSaysSoUntilFaultsAreLetInAgain() throws Exception {
    String id = begin(TestSystems.SHOP, 100);
    choose(id);
    assertThat(standing()).containsText("● running");
    assertThat(screen.at("#halted")).isHidden();
    screen.button("Halt all faults").click();

    assertThat(screen.at("#halted")).containsText("All faults are halted.");
    assertThat(standing()).hasText("■ completed: all faults are halted");
    assertThat(screen.button("Halt all faults")).isHidden();
    assertThat(screen.button("Start a session")).isDisabled();
    assertThat(api.read("/v1/halt").get("status").stringValue()).isEqualTo("halted");
    screen.shoot("faults-halted");
    assertThat(screen.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
    screen.page().reload();
    assertThat(screen.at("#halted")).isVisible();

    screen.button("Let faults in again").click();

    assertThat(screen.at("#halted")).isHidden();
    assertThat(screen.button("Start a session")).isEnabled();
    assertThat(api.read("/v1/halt").get("status").stringValue()).isEqualTo("running");
    assertThat(errors).isEmpty();
  }

  /** The switch is thrown elsewhere, too. */
  @Test
  void seesThatSomebodyElseHasHaltedAllFaults() throws Exception {
    assertThat(screen.button("Halt all faults")).isVisible();

    api.post("/v1/halt");

    assertThat(screen.at("#halted")).isVisible();
  }

  @Test
  void namesThatMeanHarmStayText() throws Exception {
    String id = search(TestSystems.ODD, 20);
    choose(id);
    assertThat(defect(0).locator("button")).containsText(MARKUP);
    defect(0).locator("button").click();

    assertThat(screen.at("#defect-title")).containsText(MARKUP);
    assertThat(screen.at("#defect .waterfall").last().locator("li").last()).containsText(MARKUP);
    assertThat(screen.at("#defect .fault-plan")).containsText("front>" + MARKUP + " abort");
    assertThat(screen.at("#heat tbody th")).hasText("front>" + MARKUP);
    assertThat(screen.at("#heat .trust"))
        .hasText(
            "The executor gave no receipts, so every fault of a plan counts as having struck.");
    assertThat(screen.at("#trials tbody")).containsText(MARKUP);
    assertThat(screen.at("#safety li").last()).containsText("shaky " + MARKUP);
    assertThat(screen.at("#safety li").first()).containsText("recovered");
    assertThat(screen.at("#session .facts")).containsText(MARKUP);
    assertThat(screen.at("main img, main script")).hasCount(0);
    assertThat(screen.page().evaluate("window.broken === undefined")).isEqualTo(true);
    assertThat(errors).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithASessionBeforeItBeginsAndAfter() {
    screen.button("Start a session").click();
    screen.at("#fault-service").selectOption("gone");
    screen.at("dialog summary").click();
    screen.at("#fault-space").fill("{dimensions");
    screen.button("Start").click();
    assertThat(screen.at("dialog .error")).containsText("The space is not JSON");
    screen.at("#fault-space").fill("{\"dimensions\": []}");
    screen.button("Start").click();
    assertThat(screen.at("dialog .error")).containsText("search_space.dimensions");
    assertThat(screen.at("#fault-space")).hasAttribute("aria-invalid", "true");
    assertThat(screen.at("#fault-space")).isFocused();
    screen.at("#fault-space").fill("");
    screen.button("Start").click();

    assertThat(standing()).containsText("✗ failed: the healthy system could not be tried");
    assertThat(standing()).containsText("start the system first");
    assertThat(screen.at("#curves .empty")).hasText("No trial was made.");
    assertThat(screen.at("#sessions li button")).containsText("no score yet");
  }

  @Test
  void saysHowToGetAServiceThatCanBeTried() throws Exception {
    try (Api bare = Api.start(config("others", ""));
        Screen other = Screen.open(CHROMIUM.browser(), bare).go()) {
      other.at("#tab-faults").click();

      assertThat(other.at("#sessions .empty")).containsText("chaos.services of belay.yaml");
      assertThat(other.at("#sessions .empty")).containsText("belay serve -c belay.yaml");
      assertThat(other.button("Start a session")).isDisabled();
      other.page().navigate(bare.server().control() + "/#faults/none");
      assertThat(other.at("#session .empty")).hasText("There is no session none.");
    }
  }

  @Test
  void comesBackAfterTheConnectionIsLost() throws Exception {
    String id = begin(TestSystems.SHOP, 100);
    screen.page().route("**/sessions/*/events", Route::abort);
    choose(id);
    assertThat(screen.at("#session-lost")).containsText("The connection to this session is lost");

    screen.page().unroute("**/sessions/*/events");
    screen.at("#session-lost button").click();

    assertThat(standing()).containsText("● running");
    assertThat(screen.at("#session-lost")).isHidden();
    systems.let(TestSystems.HEALTHY + 1);
    assertThat(line(id)).containsText("1/100 trials");
  }

  @Test
  void saysWhatIsMissingWhereLittleIsKnownOfADefect() {
    assertThat(screen.at("#sessions")).isVisible();
    screen
        .page()
        .evaluate(
            """
            async () => {
              const { detailPanel } = await import('/page/fault-detail.js');
              const fault = {service: 'tax', effect: 'delay', delay_ms: 20, percentage: 50, start_delay_ms: 5, skip: 1, count: 2};
              const bare = {trial: 3, signature: 'bare', found: {faults: [fault]}, hints: []};
              const span = {depth: 0, name: 'tax', from_ns: 0, duration_ns: 5e6, error: false};
              const cut = {...bare, trial: 4, failing_trace: [span], failing_trace_ns: 9e6, failing_trace_left: 1};
              const detail = detailPanel({report: {defects: [bare, cut]}});
              document.querySelector('#defect').replaceWith(detail.element);
              detail.show(3);
              window.detail = detail;
            }
            """);
    Locator detail = screen.at("#defect");
    assertThat(detail).containsText("Found by trial 3; not made smaller yet.");
    assertThat(detail).containsText("*>tax delay 20ms 50% from 5ms skip 1 first 2");
    assertThat(detail).containsText("No known pattern fits: compare the traces.");
    assertThat(detail).containsText("Set chaos.traces_port in belay.yaml");

    screen.page().evaluate("detail.show(4)");

    assertThat(detail.locator(".waterfall")).hasCount(1);
    assertThat(detail.locator("figcaption")).hasText("Failing, 9 ms");
    assertThat(detail).containsText("and 1 more span");
    screen.page().evaluate("detail.show(null)");
    assertThat(detail).containsText("Choose a defect to see its traces.");
  }

  @Test
  void drawsWhoCallsWhomAndWhatIsKnownOfThat() throws Exception {
    String id = search(TestSystems.SHOP, TRIALS);
    var report = api.read(ALL + "/" + id + "/report?parts=brief");
    choose(id);
    Set<String> calls = new HashSet<>();
    report
        .at("/service_map/topology")
        .forEach(link ->
            calls.add(link.get("source").stringValue() + ">" + link.get("target").stringValue()));
    report
        .at("/heat_map")
        .forEach(row ->
            calls.add(row.get("from").stringValue() + ">" + row.get("service").stringValue()));

    Locator drawn = screen.at("#services .call");
    assertThat(drawn).hasCount(calls.size());
    assertThat(screen.at("#services .service").first()).isVisible();
    for (JsonNode defect : report.get("defects")) {
      JsonNode faults = defect.path("minimal").path("faults");
      for (JsonNode fault : faults) {
        String call = fault.get("from").stringValue() + ">" + fault.get("service").stringValue();
        String title = call + ": fails";
        Locator one = drawn.filter(new Locator.FilterOptions().setHasText(title));
        assertThat(one).hasCount(1);
        if (faults.size() == 1) {
          assertThat(one).hasAttribute("data-state", "alone");
        }
      }
    }
    assertThat(screen.at("#services svg")).hasAttribute("aria-label", Pattern.compile("by itself"));
    assertThat(errors).isEmpty();
  }

  @Test
  void circlesAndServicesThatCallThemselvesAreDrawnToo() {
    assertThat(screen.at("#sessions")).isVisible();
    Object drawn =
        screen
            .page()
            .evaluate(
                """
                async () => {
                  const { mapPanel } = await import('/page/fault-map.js');
                  const link = (source, target, call_count) => ({source, target, call_count});
                  const report = {service_map: {services: {}, topology: [link('a', 'b', 1), link('b', 'a', 1), link('b', 'b', 2)]},
                    heat_map: [{from: 'b', service: 'c', faults: {delay: 'unclear', abort: 'tolerated'}}, {from: '*', service: 'c', faults: {delay: 'fails'}}]};
                  const map = mapPanel({report});
                  map.update();
                  return [...map.element.querySelectorAll('.call')].map((call) => [call.dataset.state, call.querySelector('title').textContent].join(' ')).join('; ');
                }
                """);

    assertThat(String.valueOf(drawn))
        .isEqualTo(
            "untested a>b: not tried, 1 call; untested b>a: not tried, 1 call; untested b>b: not"
                + " tried, 2 calls; tolerated b>c: borne, called only while something fails");
  }

  @Test
  void canBeReadByEverybody() throws Exception {
    search(TestSystems.SHOP, 20);
    String odd = search(TestSystems.ODD, 20);
    String id = search(TestSystems.SHOP, TRIALS);
    Pattern address = Pattern.compile(".*#faults/" + id + "/\\d+");
    try (Screen dark = Screen.dark(CHROMIUM.browser(), api).go();
        Screen phone = Screen.phone(CHROMIUM.browser(), api).go()) {
      for (Screen one : new Screen[] {screen, dark, phone}) {
        for (String session : List.of(odd, id)) {
          one.page().navigate(api.server().control() + "/#faults/" + session);
          one.at("#defects tbody tr button").first().click();
          assertThat(one.at("#defect .waterfall")).hasCount(2);
          assertThat(one.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
          assertThat(one.page().evaluate(Legibility.NAMELESS).toString()).isEqualTo("[]");
          assertThat(one.page().evaluate("document.documentElement.scrollWidth <= screen.width"))
              .isEqualTo(true);
        }
        assertThat(one.page()).hasURL(address);
      }
      screen.shoot("faults-light");
      dark.shoot("faults-dark");
      phone.shoot("faults-phone");
    }
  }
}

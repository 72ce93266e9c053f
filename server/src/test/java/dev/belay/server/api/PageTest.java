package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FreePorts;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The page in the system's browser, over a real server and real proxies. */
@Timeout(60)
class PageTest {
  private static final String POLICY = "/api/v1/retry/policy";
  private static final String MARKUP = "<img src=x onerror=window.broken=1>";

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static String proxy(FaultyProxy upstream, String more) {
    return "{url: \"http://ann:%s@127.0.0.1:%d\"%s}".formatted(Api.CANARY, upstream.port(), more);
  }

  /** Fast, slow and failing answers by their paths. */
  private static FaultyOrigin origin() {
    return FaultyOrigin.start(
        Script.byPath(
            Map.of("/busy", Script.of(Reply.status(503)), "/hang", Script.of(Reply.hang())),
            Script.of(Reply.ok("hello"))));
  }

  private static JsonNode breaker(Api api, FaultyProxy upstream) throws Exception {
    return api.read("/api/v1/circuit-breakers/127.0.0.1:" + upstream.port());
  }

  @Test
  void showsStatesAsTheyChangeAndObeysItsButtons() throws Exception {
    try (FaultyOrigin origin = origin();
        FaultyProxy good = FaultyProxy.start(FaultyProxy.Kind.HTTP);
        FaultyProxy bad = FaultyProxy.start(FaultyProxy.Kind.HTTP);
        Api api =
            Api.start(
                proxy(good, ", region: EU, tags: [paid]") + "," + proxy(bad, ", region: US-EAST"),
                """
                retry: {base_delay: 10ms}
                circuit_breaker: {failure_threshold: 2, timeout_duration: 20s}
                policies: {slow: {max_attempts: 3, backoff_strategy: fixed, base_delay: 20s}}
                """);
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      Locator fine = screen.row(":" + good.port());
      Locator broken = screen.row(":" + bad.port());
      assertThat(broken.locator(".state")).hasText("closed");
      assertThat(screen.at("#connection")).hasText("Live");

      bad.kill();
      for (int i = 0;
          i < 200 && breaker(api, bad).get("state").stringValue().equals("closed");
          i++) {
        api.through(origin.uri("/"));
      }
      // before the busy answer, which nobody can tell from a failure of the proxy, counts as one
      assertThat(fine.locator(".c-success")).hasText("100%");
      var busy = api.throughAsync(origin.uri("/busy"), "X-Belay-Policy", "slow");
      var hanging = api.throughAsync(origin.uri("/hang"));

      assertThat(broken.locator(".state")).hasText("open");
      assertThat(broken.locator(".c-test")).hasText(Pattern.compile("\\d+ s"));
      assertThat(screen.at("[data-figure=open] dd").first()).hasText("1");
      assertThat(screen.at("#feed li[data-kind=breaker]").last()).containsText("closed to open");
      assertThat(screen.at("#timeline .track i.open")).hasCount(1);
      Locator waiting = screen.at("#live tbody tr[data-state=retrying]");
      assertThat(waiting).containsText("1 of 3");
      assertThat(waiting.locator("td").nth(2)).hasText(Pattern.compile("\\d+ s"));
      assertThat(screen.at("#retries rect.s1").first()).isVisible();
      assertThat(screen.at("#retries .readout")).containsText("requests");
      screen.shoot("pool");

      broken.getByText("Reset").click();
      assertThat(broken.locator(".state")).hasText("closed");
      Api.eventually("the breaker is closed", () -> is(api, bad, "closed"));

      fine.getByText("Trip").click();
      screen.shoot("confirm");
      screen.button("Cancel").click();
      assertThat(breaker(api, good).get("state").stringValue()).isEqualTo("closed");
      fine.getByText("Trip").click();
      screen.at("dialog").getByText("Trip", new Locator.GetByTextOptions().setExact(true)).click();
      assertThat(fine.locator(".state")).hasText("open");
      Api.eventually("the breaker is open", () -> is(api, good, "open"));

      screen.button("Minutes").press("Tab");
      screen.button("Hours").click();
      assertThat(screen.at("#retries .readout")).containsText("last 24 hours");
      busy.cancel(true);
      hanging.cancel(true);
    }
  }

  private static boolean is(Api api, FaultyProxy upstream, String state) {
    try {
      return breaker(api, upstream).get("state").stringValue().equals(state);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pausesAndFiltersTheEvents() throws Exception {
    try (Api api = Api.start("{url: \"http://127.0.0.1:9\"}", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      assertThat(screen.at("#connection")).hasText("Live");
      assertThat(screen.row(":9")).isVisible();
      Locator lines = screen.at("#feed li");
      api.post("/api/v1/circuit-breakers/127.0.0.1:9/trip");
      assertThat(lines).hasCount(1);

      screen.button("Pause").click();
      api.post("/api/v1/circuit-breakers/127.0.0.1:9/reset");
      assertThat(screen.button("Go on (1)")).isVisible();
      assertThat(lines).hasCount(1);
      screen.button("Go on (1)").click();
      assertThat(lines).hasCount(2);
      assertThat(lines.first()).containsText("open to closed");

      api.json("PATCH", POLICY, "{\"max_attempts\": 4}");
      assertThat(lines).hasCount(3);
      screen.at("#feed input[data-kind=breaker]").uncheck();
      assertThat(lines).hasCount(1);
      assertThat(lines).containsText("The policy was changed (api)");
    }
  }

  @Test
  void editsThePolicyAndSaysWhatIsWrong() throws Exception {
    try (Api api = Api.start("", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      assertThat(screen.at("#policy-max_attempts")).hasValue("3");
      assertThat(screen.at("#policy .plan .wait")).hasText(new String[] {"1 s", "2 s"});
      assertThat(screen.button("Save")).isDisabled();

      screen.at("#policy-max_attempts").fill("4");
      screen.at("#policy-base_delay").fill("0.5");
      screen.at("#policy-max_backoff_delay").fill("1.5");
      screen.at("#policy-retry_status_codes").fill("429 503");
      screen.at("#policy-retry_non_idempotent").check();
      assertThat(screen.at("#policy .plan .wait")).hasText(new String[] {"500 ms", "1 s", "1.5 s"});
      screen.button("Save").click();
      assertThat(screen.at(".toast")).hasText("In force from the next request on");
      JsonNode saved = api.read(POLICY);
      assertThat(saved.get("max_attempts").intValue()).isEqualTo(4);
      assertThat(saved.get("base_delay").doubleValue()).isEqualTo(0.5);
      assertThat(saved.get("retry_status_codes").toString()).isEqualTo("[429,503]");
      assertThat(saved.get("retry_non_idempotent").booleanValue()).isTrue();
      assertThat(saved.get("timeout").isNull()).isTrue();

      screen.at("#policy-max_attempts").fill("99");
      screen.at("#policy-timeout").fill("soon");
      screen.button("Save").click();
      assertThat(screen.at("#policy-max_attempts-hint")).containsText("1 to 10");
      assertThat(screen.at("#policy-timeout-hint")).containsText("0.1 to");
      assertThat(screen.at("#policy-max_attempts")).hasAttribute("aria-invalid", "true");
      screen.shoot("policy-error");
      assertThat(api.read(POLICY).get("max_attempts").intValue()).isEqualTo(4);

      screen.button("Discard changes").click();
      assertThat(screen.at("#policy-max_attempts")).hasValue("4");
    }
  }

  @Test
  void letsPeopleDecideWhenThePolicyChangedMeanwhile() throws Exception {
    try (Api api = Api.start("", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api)) {
      // without events only the answer to the save can tell
      screen
          .page()
          .route("**/events/stream", r -> r.fulfill(new Route.FulfillOptions().setStatus(503)));
      screen.go();
      assertThat(screen.at("#connection")).hasText("No live events");
      assertThat(screen.at("#policy-max_attempts")).hasValue("3");
      screen.at("#policy-max_attempts").fill("6");
      api.json("PATCH", POLICY, "{\"base_delay\": 3}");

      screen.button("Save").click();
      Locator conflict = screen.at("#policy .conflict");
      assertThat(conflict).containsText("Somebody changed the policy");
      assertThat(conflict.locator("tbody tr")).hasCount(2);
      screen.shoot("policy-conflict");
      screen.button("Save mine over it").click();

      assertThat(conflict).isHidden();
      Api.eventually(
          "both changes are in force",
          () -> {
            try {
              JsonNode now = api.read(POLICY);
              return now.get("max_attempts").intValue() == 6
                  && now.get("base_delay").doubleValue() == 3;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  @Test
  void worksWithAThousandProxies() throws Exception {
    String list =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(i -> "http://ann:%s@10.0.%d.%d:3128".formatted(Api.CANARY, i / 250, i % 250))
            .collect(Collectors.joining("\n"));
    try (Api api = Api.start("", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api)) {
      api.send(
          "POST",
          "/api/v1/proxies/import",
          BodyPublishers.ofString(list),
          "Content-Type",
          "text/plain");
      api.post("/api/v1/circuit-breakers/10.0.3.7:3128/trip");
      screen.go();
      assertThat(screen.at("#pool .pages .count")).hasText("1–50 of 1,000");
      screen.at("#pool select").selectOption("100");
      assertThat(screen.at("#pool tbody tr")).hasCount(100);
      frames(screen);

      screen.at("#pool th.c-state button").click();
      screen.at("#pool th.c-state button").click();
      assertThat(screen.at("#pool th.c-state")).hasAttribute("aria-sort", "descending");
      assertThat(screen.at("#pool tbody tr").first()).containsText("10.0.3.7");
      screen.shoot("thousand");
      screen.page().keyboard().press("Escape");
      screen.at("body").press("/");
      assertThat(screen.at("#search")).isFocused();
      screen.at("#search").fill("10.0.2.");
      assertThat(screen.at("#pool .pages .count")).hasText("1–100 of 250");
      screen.button("Next").click();
      assertThat(screen.at("#pool .pages .count")).hasText("101–200 of 250");
      screen.at("#search").fill("nowhere");
      assertThat(screen.at("#pool .empty")).containsText("No proxy fits the filter");
      screen.button("Clear the filter").click();
      assertThat(screen.at("#pool .pages .count")).hasText("1–100 of 1,000");
      screen.at("#pool .choice button[data-value=open]").click();
      assertThat(screen.at("#pool tbody tr")).hasCount(1);
    }
  }

  /** How long frames take while the table is scrolled and updated: a report, not a bar. */
  private static void frames(Screen screen) throws Exception {
    Object report =
        screen
            .page()
            .evaluate(
                """
                () => new Promise(done => {
                  const gaps = [];
                  let last = performance.now();
                  const begin = last;
                  const frame = now => {
                    gaps.push(now - last);
                    last = now;
                    document.querySelector('#pool .scroll').scrollBy(0, (gaps.length % 40 < 20) ? 120 : -120);
                    if (now - begin < 2000) return requestAnimationFrame(frame);
                    gaps.sort((a, b) => a - b);
                    done(`frames ${gaps.length}, median ${gaps[gaps.length >> 1].toFixed(1)} ms, `
                      + `p99 ${gaps[Math.floor(gaps.length * 0.99)].toFixed(1)} ms, `
                      + `longest ${gaps.at(-1).toFixed(1)} ms`);
                  };
                  requestAnimationFrame(frame);
                })
                """);
    Path target = Path.of("target", "screenshots");
    Files.createDirectories(target);
    Files.writeString(target.resolve("frames.txt"), report + "\n");
  }

  @Test
  void beginsEmptyAndTakesProxiesByFormAndByList() throws Exception {
    try (Api api = Api.start("", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      assertThat(screen.at("#pool .empty")).containsText("The pool is empty");
      screen.shoot("empty");

      screen.at("#pool .empty button.primary").click();
      screen.at("#add-url").fill("ftp://ann:%s@10.0.0.1:21".formatted(Api.CANARY));
      screen.at("#add-weight").fill("heavy");
      screen.at("dialog button.primary").click();
      assertThat(screen.at("dialog .error[role=alert]")).not().isEmpty();
      assertThat(screen.at("#add-url")).hasAttribute("aria-invalid", "true");
      assertThat(screen.at("#add-weight")).hasAttribute("aria-invalid", "true");
      screen.at("#add-url").fill("http://ann:%s@10.0.0.1:3128".formatted(Api.CANARY));
      screen.at("#add-weight").fill("2");
      screen.at("#add-tags").fill("paid, fast");
      screen.at("dialog button.primary").click();
      assertThat(screen.row("10.0.0.1:3128").locator(".tag"))
          .hasText(new String[] {"fast", "paid"});
      assertThat(screen.at("dialog")).hasCount(0);

      screen.button("Import").click();
      screen
          .at("#import-list")
          .fill("socks5h://bob:%s@10.0.0.2:1080\nnonsense:99999\n".formatted(Api.CANARY));
      screen.at("dialog button.primary").click();
      assertThat(screen.at(".import-result")).containsText("1 added, 0 known already, 1 refused.");
      assertThat(screen.at(".import-result li")).containsText("Line 2");
      screen.shoot("import");
      screen.button("Close").click();
      assertThat(screen.row("10.0.0.2:1080")).isVisible();

      screen.row("10.0.0.1").getByText("Remove").click();
      screen.at("dialog button.danger").click();
      assertThat(screen.row("10.0.0.1")).hasCount(0);
      assertThat(api.read("/api/v1/proxies").get("total").intValue()).isEqualTo(1);
    }
  }

  @Test
  void asksForTheTokenOnceAndKeepsItInTheTab() throws Exception {
    String yaml =
        """
        control: {port: 0, token: "${TOKEN}"}
        proxy: {port: 0, socks_port: 0, pool: [{url: "http://127.0.0.1:9"}]}
        """;
    try (Api api = Api.start(yaml);
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      screen.at("#token").fill("wrong");
      screen.button("Continue").click();
      assertThat(screen.at("dialog .error")).containsText("refused");
      screen.shoot("token");
      screen.at("#token").fill("t0ken");
      screen.button("Continue").click();

      assertThat(screen.row(":9").locator(".state")).hasText("closed");
      assertThat(screen.at("#connection")).hasText("Live");
      assertThat(screen.at("dialog")).hasCount(0);
      assertThat(screen.everything()).doesNotContain("t0ken");
      screen.go();
      assertThat(screen.row(":9")).isVisible();
      assertThat(screen.at("dialog")).hasCount(0);
      screen.button("Forget token").click();
      assertThat(screen.at("#token")).isVisible();
    }
  }

  @Test
  void takesMarkupForText() throws Exception {
    try (Api api = Api.start("", "");
        Screen screen = Screen.open(CHROMIUM.browser(), api)) {
      assertThat(
              api.json("POST", "/api/v1/proxies", "{\"url\": \"http://%3Cb%3E:x@127.0.0.1:9\"}")
                  .statusCode())
          .isEqualTo(201);
      // names that no server gives out, as if one did
      screen
          .page()
          .route(
              Pattern.compile("/api/v1/(proxies\\?page|requests|circuit-breakers)"),
              route -> {
                var answer = route.fetch();
                String text =
                    answer
                        .text()
                        .replace("127.0.0.1:9", MARKUP)
                        .replace("\"region\":\"\"", "\"region\":\"%s\"".formatted(MARKUP))
                        .replace("\"tags\":[]", "\"tags\":[\"%s\"]".formatted(MARKUP))
                        .replace("\"requests\":[]", "\"requests\":[%s]".formatted(request()));
                route.fulfill(new Route.FulfillOptions().setResponse(answer).setBody(text));
              });
      screen.go();
      assertThat(screen.row(MARKUP).locator(".tag")).hasText(MARKUP);
      assertThat(screen.row(MARKUP).locator(".c-region")).hasText(MARKUP);
      api.post("/api/v1/circuit-breakers/127.0.0.1:9/trip");
      assertThat(screen.at("#live tbody td").first()).hasText(MARKUP);
      // by its own name if the event came before the answer
      assertThat(screen.at("#timeline .lane-name"))
          .containsText(Pattern.compile("<|127\\.0\\.0\\.1:9"));
      assertThat(screen.at("#feed li")).containsText("closed to open");
      screen.at("#pool tbody").getByText("Remove").click();
      assertThat(screen.at("dialog p")).containsText(MARKUP);
      screen.shoot("markup");

      assertThat(screen.at("main img, main b img, dialog img")).hasCount(0);
      assertThat(screen.page().evaluate("window.broken === undefined")).isEqualTo(true);
    }
  }

  private static String request() {
    return """
    {"request_id":"1","state":"running","target":"%1$s","policy":"%1$s","attempt":1,"max_attempts":3,
     "proxy_id":"1","proxy":"%1$s","started_at":"2026-01-01T00:00:00Z","elapsed":1,
     "next_retry_at":null,"seconds_until_retry":null,"failures":[]}
    """
        .formatted(MARKUP)
        .replace("\n", "");
  }

  @Test
  void saysWhenTheServerIsGoneAndComesBackWithIt() throws Exception {
    int port = FreePorts.one();
    String yaml =
        """
        control: {port: %d}
        proxy: {port: 0, socks_port: 0, pool: [{url: "http://127.0.0.1:9"}]}
        """
            .formatted(port);
    Api first = Api.start(yaml);
    try (Screen screen = Screen.open(CHROMIUM.browser(), first).go()) {
      assertThat(screen.at("#connection")).hasText("Live");
      assertThat(screen.row(":9")).isVisible();
      first.close();
      assertThat(screen.at("#lost")).containsText("No connection to the server");
      assertThat(screen.at("#connection")).hasText("Not connected");
      screen.shoot("lost");

      try (Api second = Api.start(yaml)) {
        assertThat(second.get("/health").statusCode()).isEqualTo(200);
        // not a click, which waits for a button that is gone if the page has come back by itself
        screen.at("#lost button").dispatchEvent("click");
        assertThat(screen.at("#lost")).isHidden();
        assertThat(screen.at("#connection")).hasText("Live");
      }
    }
  }

  @Test
  void canBeReadByEverybody() throws Exception {
    String pool =
        "{url: \"http://10.0.0.1:3128\", tags: [paid]}, {url: \"socks5h://10.0.0.2:1080\"}";
    try (Api api = Api.start(pool, "");
        Screen light = Screen.open(CHROMIUM.browser(), api).go();
        Screen dark = Screen.dark(CHROMIUM.browser(), api).go();
        Screen phone = Screen.phone(CHROMIUM.browser(), api).go()) {
      api.post("/api/v1/circuit-breakers/10.0.0.2:1080/trip");
      for (Screen screen : new Screen[] {light, dark, phone}) {
        assertThat(screen.row("10.0.0.2").locator(".state")).hasText("open");
        assertThat(screen.at("#policy-max_attempts")).hasValue("3");
        assertThat(screen.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
        assertThat(screen.page().evaluate(Legibility.NAMELESS).toString()).isEqualTo("[]");
        assertThat(screen.page().evaluate("document.documentElement.scrollWidth <= innerWidth"))
            .isEqualTo(true);
      }
      light.shoot("light");
      dark.shoot("dark");
      phone.shoot("phone");
    }
  }
}

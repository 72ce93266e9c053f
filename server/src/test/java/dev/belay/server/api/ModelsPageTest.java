package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The room of the models in the system's CHROMIUM.browser(), over a real server. */
@Timeout(60)
class ModelsPageTest {
  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static void ask(Api api, String run) throws Exception {
    String body =
        "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(run);
    HttpResponse<String> answer =
        api.client()
            .send(
                HttpRequest.newBuilder(
                        URI.create(api.server().llm().orElseThrow() + "/v1/chat/completions"))
                    .header("content-type", "application/json")
                    .header("x-belay-run", run)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void isLegible(Screen screen) {
    assertThat(screen.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
    assertThat(screen.page().evaluate(Legibility.NAMELESS).toString()).isEqualTo("[]");
    assertThat(screen.page().evaluate("document.documentElement.scrollWidth <= screen.width"))
        .isEqualTo(true);
  }

  @Test
  void showsHowTheNewWaitsDoAndHaltsThem(@TempDir Path dir) throws Exception {
    try (FaultyProvider provider =
            FaultyProvider.start(
                Script.<LlmRequest, Answer>of(
                    Fault.rateLimited(Duration.ofMillis(40)), Answer.text("hello")));
        Api api =
            Api.start(
                "",
                """
                llm:
                  port: 0
                  providers: {one: {url: "%s", key: k}}
                  routes: {smart: {targets: [{provider: one, model: "<b>m"}]}}
                  error_reports: {dir: "%s"}
                """
                    .formatted(provider.uri("/v1"), dir));
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      ask(api, "run-7");
      screen.at("#tab-models").click();

      assertThat(screen.at("#rollout .standing")).containsText("In force for 100% of the runs");
      assertThat(screen.at("[data-row=Calls] td").nth(1)).hasText("1");
      assertThat(screen.at("[data-row='Hints honoured'] td").nth(1)).hasText("100%");
      assertThat(screen.at(".waits rect.fresh")).hasCount(1);
      assertThat(screen.at("[data-endpoint='one/<b>m']")).containsText("39,000 tokens left");
      assertThat(screen.at("[data-run=run-7]")).containsText("rate limit 1");
      screen.shoot("models");
      isLegible(screen);
      try (Screen dark = Screen.dark(CHROMIUM.browser(), api).go();
          Screen phone = Screen.phone(CHROMIUM.browser(), api).go()) {
        for (Screen one : new Screen[] {dark, phone}) {
          one.at("#tab-models").click();
          assertThat(one.at("[data-run=run-7]")).containsText("rate limit 1");
          isLegible(one);
        }
        phone.shoot("models-phone");
      }

      screen.button("Halt the rollout").click();
      screen.button("Halt").last().click();
      assertThat(screen.at("#rollout .standing")).containsText("Halted: halted on the page");
      ask(api, "run-8");
      assertThat(screen.at("[data-row=Calls] td").nth(0)).hasText("1");

      screen.button("Resume").click();
      assertThat(screen.at("#rollout .standing")).containsText("In force for 100%");
    }
  }

  @Test
  void saysHowToGetAGatewayWhereThereIsNone() throws Exception {
    try (Api api = Api.start("", "");
        Screen screen = Screen.phone(CHROMIUM.browser(), api).go()) {
      screen.at("#tab-models").click();

      assertThat(screen.at("#model-routes .empty")).containsText("Add llm.routes to belay.yaml");
      assertThat(screen.at("#rollout")).isHidden();
      screen.shoot("models-none");
    }
  }
}

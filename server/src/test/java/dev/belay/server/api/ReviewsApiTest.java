package dev.belay.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.Parked;
import dev.belay.server.live.EventFeed;
import dev.belay.server.store.Store;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ReviewsApiTest {
  private static final String REVIEWS = "/api/v1/reviews";
  private static final String YAML = "control: {port: 0}\nproxy: {port: 0, socks_port: 0}\n";
  private static final Duration HOUR = Duration.ofHours(1);

  private final Store store = Store.inMemory();
  private Api api;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws Exception {
    api = Api.start(YAML, store);
  }

  @AfterEach
  void stop() throws Exception {
    api.close();
  }

  private String park() {
    return store.reviews().park(Parked.any(), HOUR).ticket();
  }

  private HttpResponse<String> decide(String ticket, String body) throws Exception {
    return api.json("POST", REVIEWS + "/" + ticket + "/decision", body.replace('\'', '"'));
  }

  @Test
  void listsThemByStateAndTenantPageByPageWithCounts() throws Exception {
    List<String> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(park());
    }
    store.reviews().park(Parked.of("other", "Who?", "me", "too short"), HOUR);
    decide(park(), "{'type': 'approve', 'reviewer': 'ann'}");

    List<String> seen = new ArrayList<>();
    String after = "";
    int pages = 0;
    do {
      JsonNode page = api.read(REVIEWS + "?state=open&tenant=acme&limit=2&after=" + after);
      page.get("reviews").forEach(one -> seen.add(one.get("ticket").stringValue()));
      after = page.get("next").stringValue();
      pages++;
    } while (!after.isEmpty());

    assertThat(seen).containsExactlyElementsOf(open);
    assertThat(pages).isEqualTo(3);
    JsonNode all = api.read(REVIEWS + "?state=open,approved");
    assertThat(all.get("reviews")).hasSize(7);
    assertThat(all.at("/stats/open").intValue()).isEqualTo(6);
    assertThat(all.at("/stats/by_state/approved").intValue()).isEqualTo(1);
    assertThat(all.at("/stats/mean_time_to_decide").doubleValue()).isBetween(0.0, 60.0);
    assertThat(api.read(REVIEWS + "?state=rejected").get("reviews")).isEmpty();
  }

  @Test
  void aLineOfTheListIsShortAndOneReviewIsWhole() throws Exception {
    String question = "q".repeat(5_000);
    String[] problems = new String[20];
    java.util.Arrays.setAll(problems, i -> "problem " + i);
    String half = "\ud83d";
    String ticket =
        store.reviews().park(Parked.of(half, question, half + "x", problems), HOUR).ticket();

    JsonNode line = api.read(REVIEWS).at("/reviews/0");
    JsonNode whole = api.read(REVIEWS + "/" + ticket);

    assertThat(line.get("question").stringValue()).hasSize(501).endsWith("q…");
    assertThat(line.get("answer_excerpt").stringValue()).isEqualTo("?x");
    assertThat(line.get("problems")).hasSize(5);
    assertThat(line.at("/problems/0/message").stringValue()).isEqualTo("problem 19");
    assertThat(line.get("problems_total").intValue()).isEqualTo(20);
    assertThat(line.get("seconds_left").doubleValue()).isBetween(3_500.0, 3_600.0);
    assertThat(whole.get("question").stringValue()).isEqualTo(question);
    assertThat(whole.at("/request/model").stringValue()).isEqualTo("best");
    assertThat(whole.get("problems")).hasSize(20);
    assertThat(whole.get("age").doubleValue()).isBetween(0.0, 60.0);
  }

  @Test
  void aDecisionIsMadeOnce() throws Exception {
    String ticket = park();
    String retry = "{'type': 'retry', 'note': 'in years', 'extra_attempts': 2, 'reviewer': 'ann'}";

    HttpResponse<String> first = decide(ticket, retry);
    HttpResponse<String> again = decide(ticket, retry.replace("ann", "bob"));
    HttpResponse<String> other =
        decide(ticket, "{'type': 'reject', 'reason': 'no', 'reviewer': 'bob'}");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(Api.body(first).get("state").stringValue()).isEqualTo("retried");
    assertThat(Api.body(first).at("/decision/extra_attempts").intValue()).isEqualTo(2);
    assertThat(Api.body(first).get("seconds_left").isNull()).isTrue();
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Api.body(again).get("reviewer").stringValue()).isEqualTo("ann");
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(Api.body(other).get("error").stringValue()).isEqualTo("REVIEW_ALREADY_DECIDED");
    assertThat(Api.body(other).get("message").stringValue()).contains("RETRIED by ann");
  }

  @Test
  void whatIsGoneOrTooLateIsToldApart() throws Exception {
    String late = store.reviews().park(Parked.any(), Duration.ofNanos(1)).ticket();
    String approve = "{'type': 'approve', 'reviewer': 'ann'}";

    HttpResponse<String> expired = decide(late, approve);

    assertThat(expired.statusCode()).isEqualTo(409);
    assertThat(Api.body(expired).get("error").stringValue()).isEqualTo("REVIEW_EXPIRED");
    assertThat(decide("rev-none", approve).statusCode()).isEqualTo(404);
    assertThat(api.get(REVIEWS + "/rev-none").statusCode()).isEqualTo(404);
    assertThat(api.get(REVIEWS + "/%00'").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'reviewer': 'ann'} | type",
        "{'type': 'escalate', 'reviewer': 'ann'} | type",
        "{'type': 'approve'} | reviewer",
        "{'type': 'approve', 'reviewer': ' '} | reviewer",
        "{'type': 'approve', 'reviewer': 7} | reviewer",
        "{'type': 'approve', 'answer': 'x', 'reviewer': 'ann'} | answer",
        "{'type': 'edit', 'reviewer': 'ann'} | answer",
        "{'type': 'edit', 'answer': '\u2003', 'reviewer': 'ann'} | answer",
        "{'type': 'retry', 'reviewer': 'ann'} | note",
        "{'type': 'retry', 'note': 'x', 'extra_attempts': 21, 'reviewer': 'ann'} | extra_attempts",
        "{'type': 'reject', 'reason': '', 'reviewer': 'ann'} | reason"
      })
  void namesTheFieldThatIsWrong(String body, String field) throws Exception {
    String ticket = park();

    HttpResponse<String> answer = decide(ticket, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Api.body(answer).at("/details/field").stringValue()).isEqualTo(field);
    assertThat(store.reviews().stats().open()).isEqualTo(1);
  }

  @Test
  void namesTheParameterThatIsWrong() throws Exception {
    for (String wrong : List.of("state=open,gone", "limit=0", "limit=501", "page=2")) {
      HttpResponse<String> answer = api.get(REVIEWS + "?" + wrong);

      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      assertThat(Api.body(answer).at("/details/field").stringValue())
          .isEqualTo(wrong.substring(0, wrong.indexOf('=')));
    }
  }

  @Test
  void takesTheLongestAnswerThereMayBe() throws Exception {
    String escaped = "\\u00e4".repeat(200_000);

    assertThat(
            decide(park(), "{'type': 'edit', 'answer': '%s', 'reviewer': 'a'}".formatted(escaped))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            decide(
                    park(),
                    "{'type': 'edit', 'answer': '%s', 'reviewer': 'a'}".formatted(escaped + 1))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void tellsOfEachOnTheEventStreamAndCountsIt() throws Exception {
    HttpResponse<Stream<String>> stream =
        api.client()
            .send(
                HttpRequest.newBuilder(api.uri("/api/v1/events/stream")).build(),
                HttpResponse.BodyHandlers.ofLines());
    CompletableFuture<List<String>> told =
        CompletableFuture.supplyAsync(
            () -> {
              try (Stream<String> lines = stream.body()) {
                return lines.filter(line -> line.startsWith("data: ")).limit(2).toList();
              }
            },
            Thread::startVirtualThread);

    String ticket = park();
    decide(ticket, "{'type': 'edit', 'answer': 'secret plan', 'reviewer': 'ann'}");
    park();

    assertThat(told.get(20, TimeUnit.SECONDS))
        .allSatisfy(line -> assertThat(line).contains("\"tenant\":\"acme\""))
        .noneMatch(line -> line.contains("How old") || line.contains("secret plan"))
        .anyMatch(line -> line.contains("\"state\":\"open\""));
    Api.eventually(
        "the decision is counted",
        () -> metrics().contains("belay_reviews_settled_total{state=\"edited\"} 1.0"));
    assertThat(metrics())
        .contains("belay_reviews_open 1.0", "belay_reviews_settled_total{state=\"approved\"} 0.0");
    assertThat(api.document().document().toString()).contains("`" + EventFeed.REVIEW + "`");
  }

  private String metrics() {
    try {
      return api.get("/metrics").body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void areStillThereAfterARestart() throws Exception {
    String yaml = YAML + "store: {url: \"sqlite:%s\"}\n".formatted(folder.resolve("belay.db"));
    String ticket;
    Store before = Store.opening(Api.config(yaml).store());
    try (Api first = Api.start(yaml, before)) {
      ticket = before.reviews().park(Parked.any(), HOUR).ticket();
      assertThat(first.read(REVIEWS).at("/stats/open").intValue()).isEqualTo(1);
    }

    try (Api second = Api.start(yaml, Store.opening(Api.config(yaml).store()))) {
      assertThat(second.read(REVIEWS + "/" + ticket).get("state").stringValue()).isEqualTo("open");
    }
  }
}

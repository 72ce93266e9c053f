package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewState;
import dev.belay.server.Parked;
import dev.belay.server.store.Store;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The room of the reviews in the system's browser, over a real server. */
@Timeout(60)
class ReviewsPageTest {
  private static final String MARKUP = "<img src=x onerror=window.broken=1>";
  private static final Duration HOUR = Duration.ofMinutes(61);

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private final Store store = Store.inMemory();
  private Api api;
  private Screen screen;

  @BeforeEach
  void open() throws Exception {
    api =
        Api.start(
            "control: {port: 0, token: \"${TOKEN}\"}\nproxy: {port: 0, socks_port: 0}\n", store);
    screen = Screen.open(CHROMIUM.browser(), api).go();
    enter(screen);
  }

  @AfterEach
  void close() throws Exception {
    screen.close();
    api.close();
  }

  private static void enter(Screen screen) {
    screen.at("#token").fill("t0ken");
    screen.button("Continue").click();
    assertThat(screen.at("#connection")).hasText("Live");
    screen.at("#tab-reviews").click();
  }

  private String park() {
    return store.reviews().park(Parked.any(), HOUR).ticket();
  }

  private Locator line(String ticket) {
    return screen.at("#reviews li[data-ticket='%s'] button".formatted(ticket));
  }

  private ReviewState state(String ticket) {
    return store.reviews().find(ticket).orElseThrow().state();
  }

  private void choose(String decision) {
    screen.at("#review .choice button[data-value=%s]".formatted(decision)).click();
  }

  @Test
  void showsWhatIsParkedAtOnceAndTakesEachDecision() {
    assertThat(screen.at("#reviews .empty")).containsText("No call waits for a person.");
    assertThat(screen.at("#review .empty")).hasText("Choose a review to see it.");
    screen.shoot("reviews-empty");
    String approved = park();
    assertThat(line(approved)).containsText("How old is she?");
    assertThat(line(approved)).containsText("age must be 0 or more");
    assertThat(line(approved)).containsText("1 h left");
    String edited = park();
    String retried = park();
    String rejected = park();
    assertThat(screen.at("#reviews .pages .count")).containsText("4 open");

    line(approved).click();
    assertThat(screen.at("#review .said").nth(1)).hasText("{\"age\": -1}");
    assertThat(screen.at("#review .wrongs")).containsText("schema age must be 0 or more");
    screen.at("#reviewer").fill("ann");
    screen.shoot("reviews");
    screen.button("Approve this answer").click();
    assertThat(screen.at(".toast")).hasText("Approved");
    assertThat(screen.at("#review")).containsText("approved by ann");
    assertThat(line(approved)).hasCount(0);
    assertThat(state(approved)).isEqualTo(ReviewState.APPROVED);

    line(edited).click();
    choose("edit");
    assertThat(screen.at("#decide-answer")).hasValue("{\"age\": -1}");
    screen.at("#decide-answer").fill("{\"age\": 42}");
    assertThat(screen.at("#reviewer")).hasValue("ann");
    screen.button("Use this answer").click();
    assertThat(screen.at("#review")).containsText("edited by ann");

    line(retried).click();
    choose("retry");
    screen.at("#decide-extra").fill("3");
    screen.at("#review form button.primary").click();
    assertThat(screen.at("#review .error")).containsText("note is not right");
    assertThat(screen.at("#decide-note")).hasAttribute("aria-invalid", "true");
    screen.at("#decide-note").fill("in years");
    screen.shoot("reviews-retry");
    screen.at("#review form button.primary").click();
    assertThat(screen.at("#review")).containsText("retried by ann");
    assertThat(api(retried)).contains("\"extra_attempts\":3", "\"note\":\"in years\"");

    line(rejected).click();
    choose("reject");
    screen.at("#decide-reason").fill("nobody knows");
    screen.button("Reject this call").click();
    assertThat(screen.at("#review")).containsText("rejected by ann");
    assertThat(screen.at("#reviews .empty")).isVisible();
    screen.button("Settled").click();
    assertThat(line(rejected)).containsText("rejected by ann");
    assertThat(screen.at("#reviews li")).hasCount(4);
  }

  private String api(String ticket) {
    try {
      return api.get("/api/v1/reviews/" + ticket, "Authorization", "Bearer t0ken").body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsTypedStaysUntilSomebodyElseHasDecided() {
    String ticket = park();
    line(ticket).click();
    choose("edit");
    screen.at("#decide-answer").fill("half of an ans");
    park();
    assertThat(screen.at("#reviews li")).hasCount(2);
    assertThat(screen.at("#decide-answer")).hasValue("half of an ans");

    store.reviews().decide(ticket, new Decision.Reject("too late"), "bob");

    assertThat(screen.at("#review")).containsText("rejected by bob");
    assertThat(screen.at("#review .said").last()).hasText("too late");
    assertThat(line(ticket)).hasCount(0);
  }

  @Test
  void takesMarkupForText() {
    String ticket =
        store.reviews().park(Parked.of(MARKUP, MARKUP, MARKUP, MARKUP, MARKUP), HOUR).ticket();
    line(ticket).click();
    assertThat(line(ticket).locator("b")).hasText(MARKUP);
    assertThat(screen.at("#review .said").first()).hasText(MARKUP);
    assertThat(screen.at("#review .wrongs li").first()).containsText(MARKUP);
    choose("reject");
    screen.at("#decide-reason").fill(MARKUP);
    screen.at("#reviewer").fill(MARKUP);
    screen.button("Reject this call").click();
    assertThat(screen.at("#review h3").last()).hasText("Decision");
    screen.button("Settled").click();
    assertThat(line(ticket)).containsText("rejected by " + MARKUP);

    assertThat(screen.at("main img, .toasts img")).hasCount(0);
    assertThat(screen.page().evaluate("window.broken === undefined")).isEqualTo(true);
  }

  @Test
  void canBeReadByEverybody() {
    String ticket = park();
    store.reviews().park(Parked.of("x".repeat(200), "y".repeat(900), "z", "w"), HOUR);
    try (Screen dark = Screen.dark(CHROMIUM.browser(), api).go();
        Screen phone = Screen.phone(CHROMIUM.browser(), api).go()) {
      enter(dark);
      enter(phone);
      for (Screen one : new Screen[] {screen, dark, phone}) {
        one.at("#reviews li[data-ticket='%s'] button".formatted(ticket)).click();
        one.at("#review .choice button[data-value=retry]").click();
        assertThat(one.at("#decide-note")).isVisible();
        assertThat(one.page().evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
        assertThat(one.page().evaluate(Legibility.NAMELESS).toString()).isEqualTo("[]");
        assertThat(one.page().evaluate("document.documentElement.scrollWidth <= screen.width"))
            .isEqualTo(true);
      }
      dark.shoot("reviews-dark");
      phone.shoot("reviews-phone");
    }
  }
}

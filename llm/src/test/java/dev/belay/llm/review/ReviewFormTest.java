package dev.belay.llm.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReviewFormTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<Decision> DECISIONS =
      List.of(
          new Decision.Approve(),
          new Decision.Edit("42"),
          new Decision.Retry("in years", 3),
          new Decision.Reject("no"));

  private static ReviewItem item(ReviewStatus status) {
    return new ReviewItem(
        "rev-1", START, START.plusSeconds(9), ReviewQueueContract.parked("acme"), status);
  }

  private static List<ReviewItem> items() {
    return Stream.concat(
            Stream.of(item(new ReviewStatus.Open()), item(new ReviewStatus.Expired())),
            DECISIONS.stream().map(it -> item(new ReviewStatus.Decided(it, "ann", START))))
        .toList();
  }

  @Test
  void readsWhatItWrote() {
    for (ReviewItem item : items()) {
      Json written = Json.parse(ReviewForm.write(item).toString());

      assertThat(ReviewForm.write(ReviewForm.read(written)).toString())
          .isEqualTo(written.toString());
    }
    for (Decision decision : DECISIONS) {
      assertThat(ReviewForm.readDecision(ReviewForm.write(decision))).isEqualTo(decision);
    }
  }

  @Test
  void saysWhatIsWrongWithADecision() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReviewForm.readDecision(Json.parse("{\"type\":\"maybe\"}")))
        .withMessageContaining("approve, edit, retry or reject");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReviewForm.readDecision(Json.parse("{\"type\":\"edit\"}")))
        .withMessageContaining("'answer'");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ReviewForm.readDecision(
                Json.parse("{\"type\":\"retry\",\"note\":\"x\",\"extra_attempts\":99}")))
        .withMessageContaining("1 to 20, was 99");
  }

  @Test
  void whateverIsDamagedIsRefusedOrReadButNeverBreaks() {
    Cases.check(300, ReviewFormTest::damaged, ReviewFormTest::readOrRefuse);
  }

  private static String damaged(RandomGenerator random) {
    List<ReviewItem> all = items();
    StringBuilder text =
        new StringBuilder(ReviewForm.write(all.get(random.nextInt(all.size()))).toString());
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.setCharAt(at, (char) random.nextInt(32, 127));
        default -> text.insert(at, "9e9".charAt(random.nextInt(3)));
      }
    }
    return text.toString();
  }

  private static void readOrRefuse(String text) {
    try {
      ReviewItem read = ReviewForm.read(Json.parse(text));
      Json written = ReviewForm.write(read);
      assertThat(ReviewForm.write(ReviewForm.read(written))).isEqualTo(written);
    } catch (IllegalArgumentException | JsonException refused) {
      assertThat(refused).isNotInstanceOf(NumberFormatException.class);
    }
  }
}

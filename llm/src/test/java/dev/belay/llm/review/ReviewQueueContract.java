package dev.belay.llm.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ReviewQueue} keeps to: extend it, and make one that runs on {@code time}. */
@Timeout(60)
public abstract class ReviewQueueContract {
  /** How long a parked item may wait, unless a test says otherwise. */
  protected static final Duration HOUR = Duration.ofHours(1);

  private static final Decision APPROVE = new Decision.Approve();

  /** What the queue runs on. */
  protected final VirtualTime time = new VirtualTime();

  private ReviewQueue queue;

  /** An empty queue for at least 100 items, whose timers run on {@code time}. */
  protected abstract ReviewQueue queue(VirtualTime time) throws Exception;

  @BeforeEach
  void start() throws Exception {
    queue = queue(time);
  }

  /** Something to look at. */
  protected static ReviewCase parked(String tenant) {
    Answer answer = Answer.of("{\"age\": -1}", LlmRequest.of("best", "How old is she?"));
    return new ReviewCase(
        tenant, "run-1", answer, List.of(Problem.of("schema", "age must be 0 or more")), 4, 3);
  }

  private ReviewItem park() {
    return queue.park(parked("acme"), HOUR);
  }

  @Test
  void keepsWhatWasParkedUntilItIsAskedFor() {
    ReviewItem item = park();

    assertThat(queue.find(item.ticket()).map(ReviewForm::write)).contains(ReviewForm.write(item));
    assertThat(item.state()).isEqualTo(ReviewState.OPEN);
    assertThat(item.parked().attemptsMade()).isEqualTo(4);
    assertThat(item.expires()).isEqualTo(item.created().plus(HOUR));
  }

  @Test
  void findsNothingUnderAnotherTicket() {
    assertThat(queue.find("rev-none")).isEmpty();
    assertThatThrownBy(() -> queue.decide("rev-none", APPROVE, "ann"))
        .isInstanceOf(ReviewException.class)
        .hasMessageContaining("no review rev-none");
    assertThatThrownBy(() -> queue.settled("rev-none").toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ReviewException.class);
  }

  @Test
  void everyDecisionHasItsState() {
    List<Decision> decisions =
        List.of(
            APPROVE,
            new Decision.Edit("42"),
            new Decision.Retry("in years", 2),
            new Decision.Reject("nonsense"));

    List<ReviewState> states = new ArrayList<>();
    for (Decision decision : decisions) {
      ReviewItem item = queue.decide(park().ticket(), decision, "ann");
      assertThat(queue.find(item.ticket()).map(ReviewForm::write)).contains(ReviewForm.write(item));
      states.add(item.state());
    }

    assertThat(states)
        .containsExactly(
            ReviewState.APPROVED, ReviewState.EDITED, ReviewState.RETRIED, ReviewState.REJECTED);
  }

  @Test
  void decidingTheSameTwiceIsHarmless() {
    String ticket = park().ticket();
    ReviewItem first = queue.decide(ticket, new Decision.Retry("in years", 2), "ann");
    time.advance(Duration.ofMinutes(5));

    ReviewItem again = queue.decide(ticket, new Decision.Retry("in years", 2), "bob");

    assertThat(ReviewForm.write(again)).isEqualTo(ReviewForm.write(first));
  }

  @Test
  void anotherDecisionIsToldWhatWasDecided() {
    String ticket = park().ticket();
    queue.decide(ticket, APPROVE, "ann");

    assertThatThrownBy(() -> queue.decide(ticket, new Decision.Reject("no"), "bob"))
        .isInstanceOf(ReviewException.class)
        .hasMessageContainingAll("APPROVED", "by ann", "2026-01-01")
        .extracting("reason")
        .isEqualTo(ReviewException.Reason.DECIDED);
    assertThat(queue.find(ticket).orElseThrow().state()).isEqualTo(ReviewState.APPROVED);
  }

  @Test
  void expiresWhenNobodyDecidesInTime() {
    ReviewItem item = park();
    time.advance(HOUR.minusNanos(1));
    assertThat(queue.find(item.ticket()).orElseThrow().state()).isEqualTo(ReviewState.OPEN);

    time.advance(Duration.ofNanos(1));

    assertThat(queue.find(item.ticket()).orElseThrow().state()).isEqualTo(ReviewState.EXPIRED);
    assertThatThrownBy(() -> queue.decide(item.ticket(), APPROVE, "ann"))
        .hasMessageContaining("expired at 2026-01-01T01:00:00Z");
  }

  @Test
  void saysWhereOneStandsWithoutTheRest() {
    String ticket = park().ticket();
    String decided = park().ticket();
    queue.decide(decided, new Decision.Edit("42"), "ann");

    assertThat(queue.state(ticket)).contains(ReviewState.OPEN);
    assertThat(queue.state(decided)).contains(ReviewState.EDITED);
    assertThat(queue.state("rev-none")).isEmpty();
    assertThat(queue.state("no ticket")).isEmpty();
    time.advance(HOUR);
    assertThat(queue.state(ticket)).contains(ReviewState.EXPIRED);
  }

  @Test
  void refusesDecisionsOfNobody() {
    String ticket = park().ticket();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.decide(ticket, APPROVE, " "))
        .withMessageContaining("reviewer");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.park(parked("acme"), Duration.ZERO))
        .withMessageContaining("time_to_live");
  }

  @Test
  void listsByStateAndTenantPageByPage() {
    List<String> open = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ReviewItem item = queue.park(parked(i % 5 == 4 ? "other" : "acme"), HOUR);
      if (i % 5 == 3) {
        queue.decide(item.ticket(), APPROVE, "ann");
      } else if (i % 5 != 4) {
        open.add(item.ticket());
      }
      time.advance(Duration.ofSeconds(1));
    }
    ReviewFilter filter =
        ReviewFilter.ALL.withStates(Set.of(ReviewState.OPEN)).withTenant("acme").withLimit(4);

    List<String> seen = new ArrayList<>();
    ReviewPage page = queue.list(filter);
    for (; !page.next().isEmpty(); page = queue.list(filter.withAfter(page.next()))) {
      assertThat(page.items()).hasSize(4);
      page.items().forEach(item -> seen.add(item.ticket()));
    }
    page.items().forEach(item -> seen.add(item.ticket()));

    assertThat(seen).isEqualTo(open);
  }

  @Test
  void countsByDecisionAndMeasuresTheTimeToDecide() {
    queue.park(parked("acme"), Duration.ofSeconds(1));
    String quick = park().ticket();
    String slow = park().ticket();
    park();
    time.advance(Duration.ofMinutes(10));
    queue.decide(quick, APPROVE, "ann");
    time.advance(Duration.ofMinutes(20));
    queue.decide(slow, new Decision.Reject("no"), "ann");

    ReviewStats stats = queue.stats();

    assertThat(stats.open()).isEqualTo(1);
    assertThat(stats.byState())
        .containsEntry(ReviewState.APPROVED, 1L)
        .containsEntry(ReviewState.REJECTED, 1L)
        .containsEntry(ReviewState.EXPIRED, 1L)
        .containsEntry(ReviewState.EDITED, 0L);
    assertThat(stats.meanTimeToDecide()).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void wakesWhoWaitsWhenItIsDecidedAndWhenItExpires() {
    String first = park().ticket();
    String second = park().ticket();
    var decided = queue.settled(first).toCompletableFuture();
    var expired = queue.settled(second).toCompletableFuture();
    assertThat(decided).isNotDone();

    queue.decide(first, new Decision.Edit("42"), "ann");
    time.advance(HOUR.plusSeconds(5));

    assertThat(decided.join().state()).isEqualTo(ReviewState.EDITED);
    assertThat(expired.join().state()).isEqualTo(ReviewState.EXPIRED);
    assertThat(queue.settled(first).toCompletableFuture().join().state())
        .isEqualTo(ReviewState.EDITED);
  }

  @Test
  void whoStopsWaitingLeavesTheOthersWaiting() {
    String ticket = park().ticket();
    var leaves = queue.settled(ticket).toCompletableFuture();
    var stays = queue.settled(ticket).toCompletableFuture();

    leaves.cancel(true);
    queue.decide(ticket, APPROVE, "ann");
    time.advance(Duration.ofSeconds(5));

    assertThat(stays.join().state()).isEqualTo(ReviewState.APPROVED);
  }

  @Test
  void pollingSeesTheDecisionToo() {
    String ticket = park().ticket();
    var polled =
        new ReviewPolling(queue, Duration.ofSeconds(1), time, Runnable::run)
            .settled(ticket)
            .toCompletableFuture();
    time.advance(Duration.ofSeconds(3));
    assertThat(polled).isNotDone();

    queue.decide(ticket, APPROVE, "ann");
    time.advance(Duration.ofSeconds(1));

    assertThat(polled.join().state()).isEqualTo(ReviewState.APPROVED);
  }

  @Test
  void keepsNoSecret() {
    String canary = "sk-canary-0123456789";
    Answer answer = Answer.of("use " + canary, LlmRequest.of("best", "my key is " + canary));

    ReviewItem item =
        queue.park(
            new ReviewCase("acme", "run", answer, List.of(Problem.of("x", canary)), 1, 0), HOUR);

    assertThat(item.toString()).doesNotContain("canary");
    assertThat(ReviewForm.write(queue.find(item.ticket()).orElseThrow()).toString())
        .doesNotContain("canary")
        .contains("[redacted]");
  }
}

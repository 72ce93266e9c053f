package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewCase;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.review.ReviewForm;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewNotifier;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.review.ReviewQueueContract;
import dev.belay.llm.review.ReviewState;
import dev.belay.server.Processes;
import java.io.BufferedReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the reviews of every database have to do alike. */
abstract class StoredReviews extends ReviewQueueContract {
  private static final Decision APPROVE = new Decision.Approve();
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Sql> open = new ArrayList<>();
  private final List<ReviewState> told = new ArrayList<>();

  /** An address of a database that the test has for itself. */
  abstract String url();

  @Override
  protected final ReviewQueue queue(VirtualTime time) throws Exception {
    return queue(database("belay"), time, 100);
  }

  private Sql database(String instance) throws Exception {
    Sql sql = new Sql(Place.of(url()), instance, new Alarm());
    open.add(sql);
    sql.open();
    return sql;
  }

  private SqlReviews queue(Sql sql, Time time, int mostOpen) {
    return new SqlReviews(
        sql,
        new SqlReviews.Limits(mostOpen, Duration.ofDays(30), Duration.ofSeconds(2)),
        time,
        Runnable::run,
        item -> told.add(item.state()));
  }

  @AfterEach
  void close() {
    open.forEach(Sql::close);
  }

  @Test
  void twoServersOnOneDatabaseAgree() throws Exception {
    ReviewQueue one = queue(database("one"), time, 10);
    ReviewQueue two = queue(database("two"), time, 10);
    String ticket = one.park(parked("acme"), HOUR).ticket();
    var settled = one.settled(ticket).toCompletableFuture();

    ReviewItem decided = two.decide(ticket, new Decision.Edit("42"), "ann");
    time.advance(Duration.ofSeconds(2));

    assertThat(ReviewForm.write(settled.join())).isEqualTo(ReviewForm.write(decided));
    assertThat(one.find(ticket).map(ReviewForm::write)).contains(ReviewForm.write(decided));
    assertThat(one.stats()).isEqualTo(two.stats());
    assertThatThrownBy(() -> one.decide(ticket, APPROVE, "bob"))
        .isInstanceOf(ReviewException.class)
        .hasMessageContaining("EDITED by ann");
  }

  @Test
  void ofManyWhoDecideAtOnceOnTwoServersOneWins() throws Exception {
    List<ReviewQueue> servers =
        List.of(
            queue(database("one"), Time.system(), 100), queue(database("two"), Time.system(), 100));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        String ticket = servers.getFirst().park(parked("acme"), HOUR).ticket();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> won = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          ReviewQueue server = servers.get(i % 2);
          Decision mine = new Decision.Retry("note " + i, 1);
          won.add(
              threads.submit(() -> {
                start.await();
                try {
                  return server.decide(ticket, mine, "ann").state() == ReviewState.RETRIED;
                } catch (ReviewException late) {
                  return false;
                }
              }));
        }

        start.countDown();

        int winners = 0;
        for (Future<Boolean> each : won) {
          winners += each.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    }
  }

  @Test
  void whatOneServerHasSeenExpireNoOtherCanDecide() throws Exception {
    VirtualTime behind = new VirtualTime();
    ReviewQueue one = queue(database("one"), time, 10);
    ReviewQueue two = queue(database("two"), behind, 10);
    String ticket = one.park(parked("acme"), HOUR).ticket();
    time.advance(HOUR);

    assertThat(two.find(ticket).orElseThrow().state()).isEqualTo(ReviewState.OPEN);
    assertThat(one.find(ticket).orElseThrow().state()).isEqualTo(ReviewState.EXPIRED);

    assertThatThrownBy(() -> two.decide(ticket, APPROVE, "ann"))
        .isInstanceOf(ReviewException.class)
        .extracting("reason")
        .isEqualTo(ReviewException.Reason.EXPIRED);
  }

  @Test
  void onlySoManyAreOpenOnAllServersTogether() throws Exception {
    ReviewQueue one = queue(database("one"), time, 2);
    ReviewQueue two = queue(database("two"), time, 2);
    String first = one.park(parked("acme"), HOUR).ticket();
    two.park(parked("acme"), Duration.ofMinutes(5));
    assertThatThrownBy(() -> two.park(parked("acme"), HOUR))
        .isInstanceOf(ReviewException.class)
        .hasMessageContaining("2 calls wait for review already");

    two.decide(first, APPROVE, "ann");
    one.park(parked("acme"), HOUR);
    time.advance(Duration.ofMinutes(5));
    one.park(parked("acme"), HOUR);

    assertThat(one.stats().open()).isEqualTo(2);
    assertThatThrownBy(() -> one.park(parked("acme"), HOUR)).isInstanceOf(ReviewException.class);
  }

  @Test
  void manyWhoParkAtOnceDoNotPassTheLimit() throws Exception {
    ReviewQueue one = queue(database("one"), Time.system(), 5);
    ReviewQueue two = queue(database("two"), Time.system(), 5);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> parked =
          IntStream.range(0, 12)
              .mapToObj(i ->
                  threads.submit(() -> {
                    try {
                      (i % 2 == 0 ? one : two).park(parked("acme"), HOUR);
                      return true;
                    } catch (ReviewException full) {
                      return false;
                    }
                  }))
              .toList();

      int added = 0;
      for (Future<Boolean> each : parked) {
        added += each.get() ? 1 : 0;
      }
      assertThat(added).isEqualTo(5);
    }
  }

  @Test
  void settledOnesAreForgottenAfterAMonthAndOpenOnesNever() throws Exception {
    SqlReviews queue = queue(database("one"), time, 10);
    String decided = queue.park(parked("acme"), HOUR).ticket();
    String expired = queue.park(parked("acme"), HOUR).ticket();
    String waits = queue.park(parked("acme"), Duration.ofDays(365)).ticket();
    time.advance(Duration.ofMinutes(30));
    queue.decide(decided, APPROVE, "ann");
    time.advance(Duration.ofDays(30));
    queue.removeOld();
    assertThat(queue.find(decided)).isPresent();

    time.advance(Duration.ofNanos(1));
    queue.removeOld();
    assertThat(queue.find(decided)).isEmpty();
    assertThat(queue.find(expired)).isPresent();
    time.advance(HOUR);
    queue.park(parked("acme"), HOUR);

    assertThat(queue.find(expired)).isEmpty();
    assertThat(queue.find(waits)).isPresent();
  }

  @Test
  void tellsOfEachChangeOnce() throws Exception {
    ReviewQueue queue = queue(database("one"), time, 10);
    String first = queue.park(parked("acme"), HOUR).ticket();
    String second = queue.park(parked("acme"), HOUR).ticket();
    queue.decide(first, APPROVE, "ann");
    queue.decide(first, APPROVE, "bob");
    time.advance(HOUR);
    queue.find(second);
    queue.find(second);

    assertThat(told)
        .containsExactly(
            ReviewState.OPEN, ReviewState.OPEN, ReviewState.APPROVED, ReviewState.EXPIRED);
  }

  @Test
  void takesTextsThatNoColumnTakes() throws Exception {
    ReviewQueue queue = queue(database("one"), time, 10);
    String odd = "a\u0000b\ud83d'; drop table belay_reviews; -- \\u0000 ß 😀";
    Answer answer = Answer.of(odd, LlmRequest.of("best", odd));
    ReviewItem item = queue.park(new ReviewCase(odd, odd, answer, List.of(), 1, 0), HOUR);
    queue.park(parked("acme"), HOUR);

    ReviewItem found = queue.list(ReviewFilter.ALL.withTenant(odd)).items().getFirst();
    ReviewItem decided = queue.decide(item.ticket(), new Decision.Edit(odd), odd);

    assertThat(ReviewForm.write(found)).isEqualTo(ReviewForm.write(item));
    assertThat(queue.find(item.ticket()).map(ReviewForm::write))
        .contains(ReviewForm.write(decided));
    assertThat(queue.find(odd)).isEmpty();
    assertThat(queue.list(ReviewFilter.ALL.withAfter(odd)).items()).isNotNull();
    assertThat(queue.stats().open()).isEqualTo(1);
  }

  @Test
  void refusesWhatItCouldNotReadAgain() throws Exception {
    ReviewQueue queue = queue(database("one"), time, 10);
    Json deep = Json.of("bottom");
    for (int i = 0; i < 199; i++) {
      deep = Json.of(List.of(deep));
    }
    LlmRequest request =
        LlmRequest.of("best", "hello").toBuilder().extra(Json.EMPTY.with("x", deep)).build();
    ReviewCase parked = new ReviewCase("acme", "", Answer.of("hi", request), List.of(), 1, 0);

    assertThatThrownBy(() -> queue.park(parked, HOUR)).isInstanceOf(JsonException.class);

    assertThat(queue.list(ReviewFilter.ALL).items()).isEmpty();
  }

  @Test
  void ticketsCannotBeGuessed() throws Exception {
    ReviewQueue queue = queue(database("one"), time, 10);

    String one = queue.park(parked("acme"), HOUR).ticket();
    String two = queue.park(parked("acme"), HOUR).ticket();

    assertThat(one).matches("rev-[0-9a-f]{32}").isNotEqualTo(two);
  }

  @Test
  void thoseWhoWaitSurviveADatabaseThatIsGoneForAWhile() throws Exception {
    Sql sql = database("one");
    ReviewQueue one = queue(sql, time, 10);
    ReviewQueue two = queue(database("two"), time, 10);
    String ticket = one.park(parked("acme"), HOUR).ticket();
    var settled = one.settled(ticket).toCompletableFuture();
    java.util.Objects.requireNonNull(sql.database()).close();
    assertThatThrownBy(() -> one.find(ticket)).isInstanceOf(UncheckedIOException.class);
    time.advance(Duration.ofSeconds(10));
    two.decide(ticket, APPROVE, "ann");
    assertThat(settled).isNotDone();

    sql.open();
    time.advance(Duration.ofSeconds(2));

    assertThat(settled.join().state()).isEqualTo(ReviewState.APPROVED);
  }

  @Test
  void rejectsLimitsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SqlReviews.Limits(0, HOUR, HOUR))
        .withMessageContaining("mostOpen must be 1 to 1,000,000, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SqlReviews.Limits(1, Duration.ZERO, HOUR))
        .withMessageContaining("retention");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SqlReviews.Limits(1, HOUR, Duration.ZERO))
        .withMessageContaining("interval");
  }

  /** Parks two, decides one, says their tickets, and waits to be killed. */
  public static final class Killed {
    private Killed() {}

    /** Takes the URL of the store. */
    public static void main(String[] args) throws Exception {
      Store store = Store.opening(StorePorts.config(args[0], "belay"));
      store.await(LONG);
      String waits = store.reviews().park(parked("acme"), HOUR).ticket();
      String decided = store.reviews().park(parked("acme"), HOUR).ticket();
      store.reviews().decide(decided, new Decision.Edit("42"), "ann");
      System.out.println(waits + " " + decided);
      Thread.currentThread().join();
    }
  }

  @Test
  void whatWasParkedSurvivesAKill() throws Exception {
    open.forEach(Sql::close);
    Process process =
        new ProcessBuilder(Processes.java(Killed.class, url()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] tickets;
    try (BufferedReader out = process.inputReader()) {
      tickets = String.valueOf(out.readLine()).split(" ", -1);
    } finally {
      process.destroyForcibly().waitFor();
    }

    ReviewQueue queue =
        new SqlReviews(
            database("after"),
            SqlReviews.Limits.DEFAULT,
            Time.system(),
            Runnable::run,
            ReviewNotifier.NOBODY);
    assertThat(queue.list(ReviewFilter.ALL.withStates(Set.of(ReviewState.OPEN))).items())
        .extracting(ReviewItem::ticket)
        .containsExactly(tickets[0]);
    assertThat(queue.settled(tickets[1]).toCompletableFuture().join().state())
        .isEqualTo(ReviewState.EDITED);
    assertThat(queue.decide(tickets[0], APPROVE, "bob").parked().attemptsMade()).isEqualTo(4);
  }
}

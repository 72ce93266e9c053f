package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Belay;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.CallFailed;
import dev.belay.CallReport;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Pool;
import dev.belay.RetryPolicy;
import dev.belay.SharedRandom;
import dev.belay.VirtualTime;
import dev.belay.select.RoundRobin;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveRequestsTest {
  private final VirtualTime time = new VirtualTime();
  private final EventFeed feed = new EventFeed(time);
  private final LiveRequests requests = new LiveRequests(time, feed, 2);
  private final List<CompletableFuture<String>> attempts = new ArrayList<>();
  private final Belay<Endpoint> belay = belay(RetryPolicy.DEFAULT);

  private Endpoint endpoint(String name) {
    return new Endpoint(
        name,
        Endpoint.Traits.NONE,
        new CircuitBreaker(name, BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {}));
  }

  private Belay<Endpoint> belay(RetryPolicy policy) {
    List<Endpoint> both = List.of(endpoint("http://a:1"), endpoint("http://b:2"));
    return Belay.over(Pool.of("pool", new RoundRobin(), both))
        .policy(policy)
        .observer(requests)
        .time(time)
        .executor(Runnable::run)
        .build();
  }

  private CompletableFuture<String> call() {
    return call(belay);
  }

  private void begin() {
    var unused = call();
  }

  private CompletableFuture<String> call(Belay<Endpoint> by) {
    return by.callAsync(
        Call.DEFAULT.withTarget("target:80").withPolicy(by.policy()),
        attempt -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          attempts.add(future);
          return future;
        });
  }

  private void fail() {
    attempts.getLast().completeExceptionally(new IOException("no"));
  }

  @Test
  void followsACallFromItsFirstAttemptToItsEnd() {
    Instant start = time.instant();
    CompletableFuture<String> result = call();

    RequestView running = requests.all().getFirst();
    assertThat(running.isRetrying()).isFalse();
    assertThat(running.attempt()).isEqualTo(1);
    assertThat(running.endpoint()).startsWith("http://");
    assertThat(running.startedAt()).isEqualTo(start);

    time.advance(Duration.ofMillis(300));
    fail();
    RequestView waiting = requests.find(running.id()).orElseThrow();
    assertThat(waiting.isRetrying()).isTrue();
    assertThat(waiting.attempt()).isEqualTo(1);
    assertThat(waiting.nextRetryAt()).contains(start.plusMillis(1_300));
    assertThat(waiting.elapsed()).isEqualTo(Duration.ofMillis(300));
    assertThat(waiting.failures())
        .containsExactly(
            new RequestView.Failure(
                1, running.endpoint(), ErrorClass.RESET, Duration.ofMillis(300)));

    time.advance(Duration.ofSeconds(1));
    RequestView again = requests.find(running.id()).orElseThrow();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.nextRetryAt()).isEmpty();
    assertThat(again.isRetrying()).isTrue();
    assertThat(again.endpoint()).isNotEqualTo(running.endpoint());

    attempts.getLast().complete("yes");
    assertThat(result).isCompletedWithValue("yes");
    assertThat(requests.all()).isEmpty();
    assertThat(requests.find(running.id())).isEmpty();
  }

  @Test
  void tellsTheFeedOfRetriesAndOfCallsThatFailed() {
    begin();
    fail();
    time.advance(Duration.ofSeconds(1));
    fail();
    time.advance(Duration.ofSeconds(2));
    fail();

    List<EventFeed.Event> events = feed.after(0, 10).events();
    assertThat(events)
        .extracting(EventFeed.Event::type)
        .containsExactly(EventFeed.RETRY, EventFeed.RETRY, EventFeed.CALL_FAILED);
    assertThat(events.get(1).data().getInteger("attempt")).isEqualTo(3);
    assertThat(events.get(1).data().getDouble("delay")).isEqualTo(2.0);
    assertThat(events.get(1).data().getString("error_class")).isEqualTo("reset");
    assertThat(events.getLast().data().getString("reason")).isEqualTo("attempts_exhausted");
    assertThat(events.getLast().data().getString("target")).isEqualTo("target:80");
    assertThat(events.getLast().data().getString("request_id")).isNotEmpty();
  }

  @Test
  void anAttemptElsewhereWithoutAWaitIsARetryToo() {
    Belay<Endpoint> quick = belay(RetryPolicy.named("quick").immediateFailover(true).build());
    var unused = call(quick);
    attempts.getLast().completeExceptionally(new java.net.ConnectException("no"));

    EventFeed.Event retry = feed.after(0, 10).events().getFirst();
    assertThat(retry.type()).isEqualTo(EventFeed.RETRY);
    assertThat(retry.data().getDouble("delay")).isZero();
    assertThat(retry.data().getInteger("attempt")).isEqualTo(2);
    assertThat(requests.all().getFirst().attempt()).isEqualTo(2);
  }

  @Test
  void successesAreNotWorthAnEvent() throws InterruptedException {
    belay.call(() -> "yes");

    assertThat(feed.latest()).isZero();
    assertThat(requests.all()).isEmpty();
  }

  @Test
  void aCallThatIsGivenUpIsNotFollowedAnyMore() {
    CompletableFuture<String> waiting = call();
    fail();
    waiting.cancel(true);

    assertThat(requests.all()).isEmpty();
    assertThat(feed.after(0, 10).events())
        .extracting(EventFeed.Event::type)
        .containsExactly(EventFeed.RETRY);
  }

  @Test
  void callsBeyondTheBoundAreServedUnseen() {
    begin();
    begin();
    CompletableFuture<String> third = call();

    assertThat(requests.all()).hasSize(2);
    assertThat(requests.unseen()).isEqualTo(1);
    attempts.getLast().complete("yes");
    assertThat(third).isCompletedWithValue("yes");
    assertThat(requests.all()).hasSize(2);
  }

  @Test
  void aFailureThatNobodyFollowedIsToldToo() {
    begin();
    begin();
    Belay<Endpoint> once = belay(RetryPolicy.NONE);

    assertThatThrownBy(() ->
            once.call(() -> {
              throw new IOException("no");
            }))
        .isInstanceOf(CallFailed.class);
    assertThat(feed.after(0, 10).events().getFirst().data().getString("request_id")).isEmpty();
  }

  @Test
  void eachCallHasAnIdOfItsOwnInOrder() {
    begin();
    begin();
    List<RequestView> all = requests.all();

    assertThat(all.get(0).id()).isLessThan(all.get(1).id());
    assertThat(all).allMatch(request -> request.maxAttempts() == 3);
  }

  @Test
  void aReportOfACallThatWasRefusedNamesNoAttempt() {
    CallReport refused =
        new CallReport(
            "p", "t", List.of(), dev.belay.StopReason.REFUSED, Duration.ZERO, Duration.ZERO);

    assertThat(CallEvents.failure(refused, "1").orElseThrow().getString("error_class"))
        .isEqualTo("rejected");
  }
}

package dev.belay.chaos.inject.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.FaultRequest;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControlLinkTest {
  private static final String POLICY =
      "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"rules\":[{\"match\":{\"path\":{\"prefix\":\"/\"}},"
          + "\"fault\":{\"percentage\":100,\"abort\":{\"httpStatus\":503}}}]}}";

  private final Time time = Time.system();
  private final FaultyOrigin control = FaultyOrigin.start(Script.of(Reply.status(503)));
  private final AtomicInteger streams = new AtomicInteger();
  private LiveRules rules = new LiveRules(time, new Random(1), Duration.ofMinutes(1));
  private Optional<ControlLink> open = Optional.empty();

  @AfterEach
  void close() {
    open.ifPresent(ControlLink::close);
    control.close();
  }

  private ControlLink link() {
    ControlLink link =
        ControlLink.start(
            PlaneSettings.of("plane-1", List.of(Front.of("pricing", 1))),
            new ControlAddress(control.uri(), Optional.of("t0ken")),
            rules,
            time);
    open = Optional.of(link);
    return link;
  }

  private static void eventually(BooleanSupplier condition) {
    long end = Time.system().nanos() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(Time.system().nanos() - end).as("time is left").isNegative();
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Reply stream(String text) {
    return Reply.status(200)
        .header("Content-Type", "text/event-stream")
        .chunked(Duration.ofMinutes(10), text, ": never sent\n\n");
  }

  private static String event(int version, String name) {
    return ": hello\nid: %d\r\nevent: full_config\ndata: [%s]\n\n"
        .formatted(version, POLICY.formatted(name));
  }

  private Reply answer(ReceivedRequest request, Reply stream) {
    return request.path().equals("/v1/config/stream") ? stream : Reply.ok("{}");
  }

  private boolean reported(String text) {
    return control.requests().stream()
        .anyMatch(one -> one.path().equals("/v1/agents/plane-1") && one.bodyText().contains(text));
  }

  @Test
  void takesRulesAsTheyComeAndSaysWhichItApplies() {
    control.behave(Script.answering(request -> answer(request, stream(event(7, "a")))));

    link();

    eventually(() -> rules.version() == 7);
    eventually(() -> reported("\"applied_version\":7"));
    assertThat(control.requests())
        .allSatisfy(one -> assertThat(one.header("Authorization")).contains("Bearer t0ken"));
    assertThat(control.requests().getFirst().target())
        .isEqualTo("/v1/config/stream?agent=plane-1&lease_ms=60000");
  }

  @Test
  void asksForRulesWhereThereIsNoStream() {
    control.behave(
        Script.answering(request ->
            request.path().equals("/v1/policies")
                ? Reply.ok("{\"policies\":[" + POLICY.formatted("a") + "]}")
                : Reply.status(404)));

    link();

    eventually(() -> !control.requests().isEmpty() && struck());
    assertThat(rules.version()).isEqualTo(-1);
  }

  private boolean struck() {
    return !rules.strikes(new Asked()).isEmpty();
  }

  /** A request for anything. */
  private record Asked() implements FaultRequest {
    @Override
    public Edge edge() {
      return new Edge("cart", "pricing");
    }

    @Override
    public String namespace() {
      return "";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public List<String> headers(String name) {
      return List.of();
    }
  }

  @Test
  void goesOnAskingAfterFailures() {
    control.behave(
        Script.answering(request -> {
          if (!request.path().equals("/v1/config/stream")) {
            return Reply.status(503);
          }
          return streams.incrementAndGet() < 4 ? Reply.reset() : stream(event(9, "a"));
        }));

    link();

    eventually(() -> rules.version() == 9);
  }

  @Test
  void keepsTheLastGoodRulesWhenItCannotReadTheNext() {
    String broken = "id: 8\nevent: update\ndata: [{\"metadata\":\n\n";
    control.behave(
        Script.answering(request ->
            answer(request, stream(event(7, "a") + broken + "data: {\"policies\":[{}]}\n\n"))));

    link();

    eventually(() -> rules.version() == 7);
    eventually(() -> reported("\"applied_version\":7"));
    assertThat(struck()).isTrue();
  }

  @Test
  void leavesAStreamThatIsSilentAndAsksForANewOne() {
    rules = new LiveRules(time, new Random(1), Duration.ofMillis(200));
    control.behave(
        Script.answering(request -> {
          if (!request.path().equals("/v1/config/stream")) {
            return Reply.ok("{}");
          }
          return stream(event(streams.incrementAndGet(), "a"));
        }));

    link();

    eventually(() -> rules.version() >= 2);
  }

  @Test
  void sendsReceiptsAgainUntilTheyAreTaken() {
    control.behave(
        Script.answering(request ->
            request.path().startsWith("/v1/agents") && control.requestCount() < 6
                ? Reply.status(503)
                : answer(request, Reply.status(503))));
    ControlLink link = link();

    link.send(
        new StrikeReceipt("p", 0, "abort", new Edge("cart", "pricing"), Optional.empty(), 12));

    eventually(() ->
        control.requests().stream().filter(one -> one.bodyText().contains("\"ts\":12")).count()
            >= 2);
    assertThat(link.lostReceipts()).isZero();
  }

  @Test
  void showsNoToken() {
    assertThat(new ControlAddress(control.uri(), Optional.of("c4nary")).toString())
        .doesNotContain("c4nary");
  }
}

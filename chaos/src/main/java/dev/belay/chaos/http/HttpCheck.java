package dev.belay.chaos.http;

import dev.belay.Check;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.trace.TraceParent;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A question over HTTP whose right answer is known: what must always hold, or whether the system is
 * steady. Safe for any number of threads.
 */
public final class HttpCheck implements Probe {
  /**
   * Names the trace of the request that a law is about: a system that serves others at the same
   * time knows by it which of them is meant.
   */
  public static final String ABOUT = "x-belay-trace-id";

  private final String name;
  private final HttpAsk ask;
  private final Expected expected;
  private final Http http;

  /**
   * The right answer.
   *
   * @param status its status
   * @param contains a text in its body; none if any body will do
   */
  public record Expected(int status, Optional<String> contains) {
    public Expected {
      Check.that(status >= 100 && status <= 599, "status must be in 100..599, was %d", status);
    }
  }

  /** A question. */
  public HttpCheck(String name, HttpAsk ask, Expected expected, HttpClient client) {
    Check.that(!name.isBlank(), "name of a check must not be blank");
    this.name = name;
    this.ask = ask;
    this.expected = expected;
    this.http = new Http(client);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Finding check() throws InterruptedException {
    return check(ask.timeout(), Map.of());
  }

  private Finding check(Duration timeout, Map<String, String> headers) throws InterruptedException {
    try {
      Http.Got got = http.send(ask, headers, timeout);
      if (got.status() != expected.status()) {
        return new Finding(
            false, "status %d instead of %d".formatted(got.status(), expected.status()));
      }
      boolean there = expected.contains().map(got.body()::contains).orElse(true);
      return new Finding(there, there ? "status " + got.status() : "the text is not there");
    } catch (IOException none) {
      return new Finding(false, "no answer: " + Http.reason(none));
    }
  }

  /**
   * What was found, as something that must always hold.
   *
   * @param about the trace of the request after which it must hold; told in {@link #ABOUT}
   * @param longest how long it may take, if its own timeout is longer; above 0
   */
  public Invariant invariant(TraceParent about, Duration longest) throws InterruptedException {
    Duration timeout = longest.compareTo(ask.timeout()) < 0 ? longest : ask.timeout();
    Finding finding = check(timeout, Map.of(ABOUT, about.trace()));
    return new Invariant(name, finding.holds(), finding.detail());
  }
}

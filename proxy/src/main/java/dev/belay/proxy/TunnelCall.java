package dev.belay.proxy;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.Dial;
import dev.belay.http.DialException;
import dev.belay.http.Tunnel;
import dev.belay.http.TunnelDialer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Opens a tunnel through whichever proxy an attempt names. Nothing has reached the target before it
 * is open, so opening may be tried again whatever the client means to send.
 */
final class TunnelCall implements AsyncOperation<Upstream, Tunnel> {
  private final Engine engine;
  private final TunnelDialer dialer;
  private final Target target;
  private final Visit visit;

  TunnelCall(Engine engine, TunnelDialer dialer, Target target, Visit visit) {
    this.engine = engine;
    this.dialer = dialer;
    this.target = target;
    this.visit = visit;
  }

  @Override
  public CompletableFuture<Tunnel> start(Attempt<Upstream> attempt) {
    CompletableFuture<Tunnel> result = new CompletableFuture<>();
    Upstream upstream = attempt.endpoint();
    Duration limit = Engine.within(attempt.deadline(), engine.settings().timeouts().connect());
    if (!limit.isPositive()) {
      Verdict late = Verdict.retry(ErrorClass.TIMEOUT, Blame.CALLER);
      result.completeExceptionally(new Judged(late, 0, "no time was left for " + upstream));
      return result;
    }
    Dial dial = dialer.dial(upstream.address(), target.host(), target.port(), limit);
    dial.tunnel()
        .onComplete(
            tunnel -> opened(result, upstream, tunnel),
            failure -> result.completeExceptionally(judged(upstream, failure)));
    var unused =
        result.whenComplete((tunnel, failure) -> {
          if (result.isCancelled()) {
            dial.cancel();
          }
        });
    return result;
  }

  private void opened(CompletableFuture<Tunnel> result, Upstream upstream, Tunnel tunnel) {
    engine.pool().connectivity().reached();
    visit.worked(upstream);
    if (!result.complete(tunnel)) {
      discard(tunnel);
    }
  }

  private Throwable judged(Upstream upstream, Throwable failure) {
    if (!(failure instanceof DialException dial)) {
      return failure;
    }
    Verdict verdict =
        visit.judge(
            upstream, engine.pool().connectivity().judge(upstream, dial.reach(), dial.verdict()));
    return new Judged(verdict, dial.status().orElse(0), dial.getMessage());
  }

  @Override
  public boolean endsInTime() {
    return true;
  }

  @Override
  public void discard(Tunnel tunnel) {
    tunnel.close();
  }
}

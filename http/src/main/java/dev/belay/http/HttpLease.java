package dev.belay.http;

import org.jspecify.annotations.Nullable;

/** A request being put on a connection. For the event loop of its {@link HttpLinks}. */
public final class HttpLease extends PendingLease {
  private final HttpLinks links;
  private final HttpLinks.Key key;
  private @Nullable Dial dial;

  HttpLease(HttpLinks links, HttpLinks.Key key, long endNanos) {
    super(endNanos);
    this.links = links;
    this.key = key;
  }

  @Override
  public boolean hasWaited() {
    return isLimited();
  }

  @Override
  public boolean endedInOrder() {
    return true; // without TLS there is no telling
  }

  @Override
  public void cancel() {
    Dial running = dial;
    if (running != null) {
      running.cancel();
    } else if (!isOver()) {
      links.forget(this);
      fail(HttpLinks.cancelled());
    }
  }

  HttpLinks.Key key() {
    return key;
  }

  long leftNanos() {
    return leftNanos(links.nanos());
  }

  void dials(Dial running) {
    dial = running;
  }

  @Override
  void stopWaiting() {
    dial = null;
    super.stopWaiting();
  }
}

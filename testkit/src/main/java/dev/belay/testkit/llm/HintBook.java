package dev.belay.testkit.llm;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who was told to stay away, and until when. Safe for any number of threads. */
final class HintBook {
  private static final int MOST = 10_000;

  private record Who(Dialect dialect, String key, String model) {
    static Who of(LlmRequest request) {
      return new Who(request.dialect(), request.key(), request.model());
    }
  }

  private record Window(long from, long until) {
    /** The longer of two; it began when the first was told. */
    Window with(Window other) {
      return new Window(from, until - other.until > 0 ? until : other.until);
    }

    boolean isOver(long nanos) {
      return nanos - until >= 0;
    }
  }

  private final Map<Who, Window> windows = new ConcurrentHashMap<>();
  private final long reactionNanos;

  HintBook(Duration reaction) {
    this.reactionNanos = reaction.toNanos();
  }

  void book(LlmRequest request, Duration wait, long nanos) {
    if (windows.size() >= MOST) {
      windows.values().removeIf(window -> window.isOver(nanos));
      if (windows.size() >= MOST) {
        return;
      }
    }
    windows.merge(
        Who.of(request),
        new Window(nanos, nanos + wait.toNanos()),
        (old, fresh) -> old.isOver(nanos) ? fresh : old.with(fresh));
  }

  /** What was left of a wait when that request arrived. */
  Duration left(LlmRequest request) {
    if (windows.isEmpty()) {
      return Duration.ZERO;
    }
    Window window = windows.getOrDefault(Who.of(request), new Window(0, 0));
    long arrival = request.arrivalNanos();
    boolean within =
        window.until() != window.from()
            && !window.isOver(arrival)
            && arrival - window.from() >= reactionNanos;
    return within ? Duration.ofNanos(window.until() - arrival) : Duration.ZERO;
  }

  void clear() {
    windows.clear();
  }
}

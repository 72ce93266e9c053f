package dev.belay.llm.transport;

import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches how long each part of an attempt takes, and all of it. For one event loop. */
final class Watch {

  /** A part of an attempt. */
  enum Part {
    CONNECT("connect_timeout", "no connection came about within %s"),
    FIRST("first_token_timeout", "no token came within %s"),
    IDLE("idle_timeout", "the answer stood still for %s"),
    TOTAL("total_timeout", "the answer was not complete within %s"),
    DEADLINE("deadline", "nobody waited any longer, after %s");

    private final String code;
    private final String message;

    Part(String code, String message) {
      this.code = code;
      this.message = message;
    }

    ProviderError late(Duration limit) {
      return new ProviderError(
          ErrorKind.TIMEOUT, 0, code, message.formatted(words(limit)), "", Hint.NONE);
    }

    private static String words(Duration limit) {
      return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
  }

  private final Time time;
  private final Executor loop;
  private final Consumer<ProviderError> late;
  private Time.@Nullable Timer part;
  private Time.@Nullable Timer whole;
  private long since;
  private int current;
  private boolean held;

  Watch(Time time, Executor loop, Consumer<ProviderError> late) {
    this.time = time;
    this.loop = loop;
    this.late = late;
  }

  /** Watches all of it, once. */
  void whole(Part why, Duration limit) {
    whole = time.after(nanos(limit), loop, () -> late.accept(why.late(limit)));
  }

  /** Watches another part from now on. */
  void part(Part next, Duration limit) {
    none();
    since = time.nanos();
    arm(next, limit, nanos(limit), current);
  }

  /** Watches no part for now. */
  void none() {
    current++; // a timer that has fired, and waits for its turn, shall find that it is not meant
    if (part != null) {
      part.cancel();
      part = null;
    }
  }

  private void arm(Part now, Duration limit, long wait, int turn) {
    part =
        time.after(
            wait,
            loop,
            () -> {
              // the timer is left alone while things move: it looks back when it fires
              long left = since + nanos(limit) - time.nanos();
              if (turn != current) {
                return;
              }
              if (held) {
                arm(now, limit, nanos(limit), turn);
              } else if (left > 0) {
                arm(now, limit, left, turn);
              } else {
                late.accept(now.late(limit));
              }
            });
  }

  private static long nanos(Duration limit) {
    return limit.toNanos();
  }

  /** Something moved. */
  void touch() {
    since = time.nanos();
  }

  /** We wait for our own side, which is not the provider's fault; or do so no more. */
  void hold(boolean hold) {
    held = hold;
    touch();
  }

  void stop() {
    none();
    if (whole != null) {
      whole.cancel();
      whole = null;
    }
  }
}
